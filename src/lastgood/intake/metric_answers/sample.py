"""One value of a series, as every form of answer gives it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One value: `unit` may be empty, `otherwise` is whose it is where no label says so."""

    name: str
    labels: Mapping[str, str]
    time: int  # ns
    value: float
    unit: str = ""
    otherwise: str = ""
