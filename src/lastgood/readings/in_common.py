"""In common: what is on failing requests and not on working ones of the same operations, or the other way round.

One rule for all questions: what one of them names as common to failing requests, no other one clears.
"""

import re
from collections.abc import Iterator

import numpy as np

from lastgood.algorithms.change_point import Floats
from lastgood.algorithms.counts import share_difference
from lastgood.model.attributes import SERVICE_NAME
from lastgood.model.judgement import Amount, Count
from lastgood.readings.carried import Carried, Coded

# fmt: off
SIDE_REQUESTS = Count(10, "requests on each side", "judgement: of fewer intervals hardly ever part")
WORKING_NOW = Count(30, "working requests of an operation, below which the good window gives some", "judgement: of fewer intervals are wide")
TRAIT_LEVEL = Amount(0.99, "of confidence in a difference of shares, divided over all that was seen", "judgement: many things are looked at")
TRAIT_LEAST = Amount(0.2, "of difference of shares, to be a common trait", "judgement: less explains little of what fails")
# fmt: on

# A number is also at least each power of two up to it, unless its name says that it is none.
NUMBER, LONGEST_NUMBER = r"^[1-9][0-9]*(\.[0-9]+)?$", 16  # the length is not included
NO_AMOUNT = r"(?i)(id|port|version|line.*)$"
Share = tuple[float, float]  # so many of so many


def trait_interval(failing: Share, working: Share, looked_at: int) -> tuple[float, float] | None:
    """The interval of the distance between both shares; None where it may be chance or is small.

    `looked_at` is how many things were compared in all.
    """
    level = 1 - (1 - TRAIT_LEVEL) / max(looked_at, 1)
    low, high = share_difference(failing, working, level)
    least, most = (low, high) if failing[0] * working[1] >= working[0] * failing[1] else (-high, -low)
    return (least, most) if least >= TRAIT_LEAST else None


def differing(carried: Carried) -> frozenset[str]:
    """The attributes of which a value, or a number from a limit on, is such a trait."""
    failing, working, sizes = _sides(carried)
    if min(sizes) < SIDE_REQUESTS:
        return frozenset()
    looked_at = sum(len(one.values) for one in carried.values.values())

    def parts(mine: float, theirs: float) -> bool:
        """Whether the shares of all failing and of all working requests are apart; most are close."""
        close = abs(mine - theirs) < TRAIT_LEAST
        shares = (mine * sizes[0], sizes[0]), (theirs * sizes[1], sizes[1])
        return not close and trait_interval(*shares, looked_at) is not None

    return frozenset(
        key
        for key, one in carried.values.items()
        if any(parts(*shares) for shares in _shares(key, one, failing, working))
    )


def _sides(carried: Carried) -> tuple[Floats, Floats, tuple[float, float]]:
    """The part of each row in all failing and in all working requests, each operation as often on both sides; and how many there are."""
    counts, place = carried.counts, _places(carried)
    failed, worked = counts.failed, np.maximum(counts.requests - counts.failed, 0.0)
    fail, work = (np.bincount(place, one) for one in (failed, worked))
    past = (work < np.minimum(WORKING_NOW, fail))[place]
    worked = worked + np.where(past, np.maximum(counts.requests_before - counts.failed_before, 0.0), 0.0)
    work = np.bincount(place, worked)
    both = (fail > 0) & (work > 0)
    many = float(fail[both].sum()), float(work[both].sum())
    ratio = np.where(both, fail / np.maximum(work, 1e-9), 0.0)
    of_all = max(many[0], 1e-9)
    return (
        np.where(both[place], failed, 0.0) / of_all,
        worked * ratio[place] / of_all,
        (many[0], min(many)),
    )


def _places(carried: Carried) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """A number for the service and operation of each row."""
    place = np.zeros(len(carried.counts.failed), np.int64)
    for key in (SERVICE_NAME, "operation"):
        if (one := carried.values.get(key)) is not None:
            place = place * (len(one.values) + 1) + one.codes + 1
    return place


def _shares(key: str, one: Coded, failing: Floats, working: Floats) -> Iterator[tuple[float, float]]:
    """Of each value, and of each limit of its numbers: its share of the failing and of the working requests."""
    mine, theirs = (np.bincount(one.codes + 1, side, len(one.values) + 1)[1:] for side in (failing, working))
    yield from zip(mine.tolist(), theirs.tolist(), strict=True)
    if re.search(NO_AMOUNT, key):
        return
    numbers = np.array(
        [float(v) if len(v) < LONGEST_NUMBER and re.match(NUMBER, v) else 0.0 for v in one.values]
    )
    for power in range(1, int(np.log2(max(numbers.max(initial=1.0), 1.0))) + 1):
        enough = numbers >= 2.0**power
        yield float(mine[enough].sum()), float(theirs[enough].sum())
