"""Broken steps: where a sequence of events used to go on one way, and now ends or goes another way.

A unit of work (the spans below one operation, the lines of one request in one service) is a sequence of
events. What follows an event, given that event, hardly depends on how much traffic of which kind there
is; so a change in it points at the code between the two events, and not at the mix of requests.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lastgood.algorithms.counts import CLEAR, wilson

START = ""
END = ""

RARE = 0.05
MANY = 5
TOTAL = 0.9
STEP_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """How often `after` was followed by `then`, in the good and in the bad window.

    `unit` names what the events belong to; empty `after` is the start, empty `then` the end.
    """

    unit: tuple[str, ...]
    after: str
    then: str
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Break:
    """A way of going on that is new, or that has become the only one.

    `lift` is how far its share has surely risen: the low end of the bad share less the high end of the
    good share, 0..1.
    """

    unit: tuple[str, ...]
    after: str
    then: str
    usual: str  # what followed most often before
    good: int
    good_of: int
    bad: int
    bad_of: int
    lift: float


def breaks(steps: Iterable[Step]) -> list[Break]:
    """The breaks, surest first; ties by unit and event, so the order is always the same.

    Only ways of going on that were rare before (at most RARE, or a MANYth of now) or are total now (at
    least TOTAL) count: a branch that is taken more often than before is traffic, not a break.
    """
    places: dict[tuple[tuple[str, ...], str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for step in steps:
        good, bad = places[step.unit, step.after].get(step.then, (0, 0))
        places[step.unit, step.after][step.then] = (good + step.good, bad + step.bad)
    found = [item for (unit, after), ways in places.items() for item in _at(unit, after, ways)]
    return sorted(found, key=lambda b: (-b.lift, b.unit, b.after, b.then))


def _at(unit: tuple[str, ...], after: str, ways: Mapping[str, tuple[int, int]]) -> list[Break]:
    good_of = sum(good for good, _ in ways.values())
    bad_of = sum(bad for _, bad in ways.values())
    if good_of < STEP_FEWEST or bad_of < STEP_FEWEST:
        return []
    usual = max(sorted(ways), key=lambda way: ways[way][0])
    found = []
    for then, (good, bad) in ways.items():
        new = good / good_of <= max(RARE, bad / bad_of / MANY)
        total = bad >= TOTAL * bad_of
        lift = wilson(bad, bad_of, CLEAR)[0] - wilson(good, good_of, CLEAR)[1]
        if then != usual and lift > 0 and (new or total):
            found.append(Break(unit, after, then, usual, good, good_of, bad, bad_of, lift))
    return found
