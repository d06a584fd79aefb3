"""Changes of rate: which of many counted things come more or less often than before, or for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lastgood.algorithms.buckets import Counts, independent
from lastgood.algorithms.false_discovery import discovery_rates
from lastgood.algorithms.rank_test import rank_test

ZERO_BOUND = 3.0  # with 95 % confidence, a thing not seen in a time comes at most 3 times in it
FALSE_DISCOVERIES = 0.05
LEAST_RATIO = 1.5  # either way: a smaller change is not worth a page
RATE_EVENTS = 5  # counted or expected, or there is too little to tell
FEW = 0.2  # of what is expected, and it counts as gone


class RateChange(Enum):
    """What became of a thing that is counted."""

    NEW = "new"
    MORE = "more"
    LESS = "less"
    GONE = "gone"
    USUAL = "usual"
    TOO_FEW = "too few to compare"


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing's counts: in all, and per bucket of equal length."""

    before: int
    inside: int
    reference: Counts
    window: Counts


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of it. `strength` of a new thing: count over what the zero before allows, 1 is nothing.

    `false_discovery` is the rate of false discoveries at which it would be believed; 1 when not tested.
    """

    change: RateChange
    expected: float
    strength: float
    false_discovery: float

    @property
    def sure(self) -> float:
        """How sure it is, 0..1."""
        return 1 - self.false_discovery


def rate_changes(things: Sequence[Counted], ratio: float) -> list[Judged]:
    """What became of each; `ratio` is the window's length over the reference's.

    A two-sided rank test on counts per bucket, false discoveries held at 5 % over everything tested.
    """
    chances = [_chance(thing, ratio) for thing in things]
    rates = iter(discovery_rates([chance for chance in chances if chance is not None]))
    return [
        _untested(thing, ratio) if chance is None else _tested(thing, ratio, next(rates))
        for thing, chance in zip(things, chances, strict=True)
    ]


def _chance(thing: Counted, ratio: float) -> float | None:
    """The chance of the rank test, None where nothing can be tested."""
    if not thing.before or max(thing.inside, thing.before * ratio) < RATE_EVENTS:
        return None
    found = independent(thing.reference, thing.window)
    return None if found is None else rank_test(found[0], found[1])


def _untested(thing: Counted, ratio: float) -> Judged:
    if thing.before or not thing.inside:
        return Judged(RateChange.TOO_FEW, thing.before * ratio, 0.0, 1.0)
    strength = thing.inside / (ZERO_BOUND * ratio)
    # A Poisson zero at the rate seen now; a strength of 3 is e^-9 by this, which bursts make worse.
    return Judged(RateChange.NEW, 0.0, strength, min(1.0, 1 / (1 + strength**2)))


def _tested(thing: Counted, ratio: float, rate: float) -> Judged:
    expected = thing.before * ratio
    change = RateChange.USUAL
    if rate <= FALSE_DISCOVERIES:
        if thing.inside >= LEAST_RATIO * expected:
            change = RateChange.MORE
        elif thing.inside <= FEW * expected:
            change = RateChange.GONE
        elif thing.inside * LEAST_RATIO <= expected:
            change = RateChange.LESS
    return Judged(change, expected, 0.0, rate)
