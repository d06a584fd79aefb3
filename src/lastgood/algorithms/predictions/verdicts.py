"""Verdicts: what a measured quantity says of a rule. Never on noise: an interval that straddles is inconclusive.

Against the good window a quantity has risen, fallen, stayed, or is undecided, and every rule is read from
that, so that no two rules can be right at once. Risen: more than chance, and enough to matter. Stayed: the
interval of the difference is within what does not matter.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import ceil, isfinite

from lastgood.algorithms.predictions.estimates import Estimate, difference
from lastgood.algorithms.predictions.expression import Kind, Limit, Trend
from lastgood.model.prediction import Outcome

MOST_MORE = 100.0  # times as much as there is: beyond it, it will never be decided


class Course(Enum):
    """What became of a quantity, against the good window."""

    RISEN = "risen"
    FALLEN = "fallen"
    STAYED = "stayed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Margins:
    """What matters, as an amount and as a part of what was usual: to have moved at least, to have stayed at most."""

    moved: float
    moved_part: float
    stayed: float
    stayed_part: float


MARGINS = {
    Kind.SHARE: Margins(0.001, 0.5, 0.005, 0.5),
    Kind.SECONDS: Margins(0.001, 0.25, 0.001, 0.5),
    Kind.RATE: Margins(0.0, 0.25, 0.0, 0.5),
    Kind.COUNT: Margins(0.0, 0.25, 0.0, 0.5),
    Kind.AMOUNT: Margins(0.0, 0.25, 0.0, 0.5),
    Kind.FACTOR: Margins(0.0, 0.25, 0.0, 0.5),
}

_READ = {
    Trend.RISES: {Course.RISEN: Outcome.SUPPORTED},
    Trend.FALLS: {Course.FALLEN: Outcome.SUPPORTED},
    Trend.AT_BASELINE: {Course.STAYED: Outcome.SUPPORTED},
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, and how many of what was counted it would take where there are too few."""

    outcome: Outcome
    needed: int | None = None


def against_limit(now: Estimate, limit: Limit, kind: Kind) -> Judged:
    """Whether all of the interval passes, all of it fails, or neither."""
    if now.too_few:
        return Judged(Outcome.INCONCLUSIVE, now.enough)
    bound, above = limit.value(kind), limit.sign[0] == ">"
    strict = len(limit.sign) == 1
    passing = _all(now.low, now.high, bound, above=above, strict=strict)
    failing = _all(now.low, now.high, bound, above=not above, strict=not strict)
    if passing or failing:
        return Judged(Outcome.SUPPORTED if passing else Outcome.REFUTED)
    return Judged(Outcome.INCONCLUSIVE, _needed(now, now.value - bound))


def _all(low: float, high: float, bound: float, *, above: bool, strict: bool) -> bool:
    if above:
        return low > bound if strict else low >= bound
    return high < bound if strict else high <= bound


def against_baseline(now: Estimate, before: Estimate, trend: Trend, kind: Kind, floor: float = 0.0) -> Judged:
    """What the course of a quantity says of a trend; `floor` is the least change of a metric that matters."""
    lesser = min(now, before, key=lambda e: e.rests_on - e.enough)
    if lesser.too_few:
        return Judged(Outcome.INCONCLUSIVE, lesser.enough)
    course = course_of(now, before, kind, floor)
    if course is Course.UNDECIDED:
        return Judged(Outcome.INCONCLUSIVE, _needed(now, _margin(before, kind, floor)))
    return Judged(_READ[trend].get(course, Outcome.REFUTED))


def course_of(now: Estimate, before: Estimate, kind: Kind, floor: float = 0.0) -> Course:
    """What became of it."""
    low, high = difference(now, before)
    if not (isfinite(low) and isfinite(high)):
        return _without_end(now, before)
    margins, usual, moved = MARGINS[kind], abs(before.value), now.value - before.value
    enough = abs(moved) >= max(margins.moved, floor, margins.moved_part * usual)
    if enough and low > 0:
        return Course.RISEN
    if enough and high < 0:
        return Course.FALLEN
    most = _margin(before, kind, floor)
    return Course.STAYED if -most <= low and high <= most else Course.UNDECIDED


def _without_end(now: Estimate, before: Estimate) -> Course:
    """Of ratios over nothing: only the ends that there are can be compared."""
    if now.low > before.high:
        return Course.RISEN
    return Course.FALLEN if now.high < before.low else Course.UNDECIDED


def _margin(before: Estimate, kind: Kind, floor: float) -> float:
    margins = MARGINS[kind]
    return max(margins.stayed, floor, margins.stayed_part * abs(before.value))


def after(moment: datetime, low: datetime, high: datetime) -> Judged:
    """Whether an onset that lies between two times came after a moment."""
    if low >= moment:
        return Judged(Outcome.SUPPORTED)
    return Judged(Outcome.REFUTED if high < moment else Outcome.INCONCLUSIVE)


def _needed(now: Estimate, room: float) -> int | None:
    """About how many it takes for the interval to fit into the room there is.

    It shrinks with the root of what it rests on, and at the very end of a scale in proportion to it.
    """
    half = max(now.high - now.value, now.value - now.low)
    if not (isfinite(half) and isfinite(room)) or not room or not now.rests_on:
        return None
    at_the_end = now.value in (now.low, now.high)
    times = max(min(half / abs(room), MOST_MORE + 1) ** (1 if at_the_end else 2), 1.2)
    return ceil(round(times * now.rests_on, 6)) if times <= MOST_MORE else None
