"""Predictions as they were checked: what was measured, and what it says of the rule that was written before."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a check says. Inconclusive says how much more is needed, untestable what is missing."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    UNTESTABLE = "untestable"


# Kinds of result that are not of a number.
TIMING = "time"  # a right order in time is what every cause must have, and speaks for none
TEST = "test"  # of causation
EXPERIMENT = "experiment"  # something was done, and what came of it: that speaks for itself
VALUE = "value"  # of a query that a user typed


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its interval, in shares, seconds, events a second or a metric's own unit.

    None of an end or of the value itself: it has no bound.
    """

    value: float | None
    low: float | None
    high: float | None
    rests_on: int  # requests, events, users or stretches of time with a value


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check of a prediction gave."""

    prediction: str  # its normal form, with the names as the store has them
    outcome: Outcome
    because: str
    kind: str  # what sort of number (share, seconds, rate, count, people, amount, factor), or one of those above
    now: Measured | None = None
    before: Measured | None = None  # in the good window, where the rule compares with it
    needed: int | None = None  # about how many it would take to decide, of what `now.rests_on` counts
    limits: tuple[str, ...] = ()
