"""Diagnoses: what was checked of a set-up, what was found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is."""

    GOOD = "ok"
    DOUBTFUL = "warning"  # it works, but something about it may mislead or fail tonight
    BROKEN = "error"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was checked."""

    what: str  # "source prod (loki)"
    health: Health
    sentence: str  # what was found
    remedy: str = ""  # what to do, in the imperative; nothing where it is well
