"""An alert that fires: what rang, whose it is, and since when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FiringAlert:
    """An alert that no later message resolved."""

    name: str
    service: str  # empty: not known
    severity: str  # as the alert says it; empty: not known
    since: datetime
    summary: str = ""
    recovered: bool = False  # the metric that it watches left its level and is back at it
