"""Tails: how many of the durations in a second sample are slower than hardly any of the first one was.

Samples are histograms over buckets of a quarter of an octave, so that they add up and two of them need no
common list of values: bucket b holds 2^(b/4) to 2^((b+1)/4).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from lastgood.algorithms.counts import VERY_CLEAR, wilson

PER_OCTAVE = 4
# A tail that was there before grows with any load: it must be as many times as large.
TIMES = 4
# One burst is no tail: it must stand without the slices of time that hold most of it.
TAIL_BURST = 0.2


@dataclass(frozen=True, slots=True)
class Tail:
    """The slow part of a sample: its share now and before, and how long one takes, against the usual."""

    share: float
    good_share: float
    slow: float  # the mean of those beyond the threshold, in the unit of the values
    usual: float  # the median of before

    @property
    def each(self) -> float:
        """What the tail adds to each of all, on average."""
        return (self.share - self.good_share) * (self.slow - self.usual)


def slow_tail(
    good: Mapping[int, int],
    bad: Sequence[Mapping[int, int]],
    floor: float,
    rise: float,
    level: float = VERY_CLEAR,
) -> Tail | None:
    """The tail whose share has surely grown; None when none has.

    `bad` is one histogram for each slice of time. `floor` is by how much, `rise` by which part of the median
    of before a value must exceed it to be slow; `level`, 0..1, that of both intervals of its share: high, for the
    threshold is chosen where they are furthest apart, over all places that are looked at.
    """
    whole = sum((Counter(part) for part in bad), Counter[int]())
    good_of, bad_of = sum(good.values()), sum(whole.values())
    if not good_of or not bad_of:
        return None
    usual = _median(good)
    least = max(usual + floor, usual * (1 + rise))
    best: tuple[float, int] | None = None
    for edge in sorted(b for b in whole if _value(b) >= least):
        before = _beyond(good, edge)
        lift = wilson(*_lasting(bad, edge), level)[0] - wilson(before, good_of, level)[1]
        new = before / good_of * TIMES <= _beyond(whole, edge) / bad_of
        if new and lift > 0 and (best is None or lift > best[0]):
            best = (lift, edge)
    if best is None:
        return None
    edge = best[1]
    slow = {b: count for b, count in whole.items() if b >= edge}
    mean = sum(_value(b + 0.5) * count for b, count in slow.items()) / sum(slow.values())
    return Tail(sum(slow.values()) / bad_of, _beyond(good, edge) / good_of, mean, usual)


def _lasting(slices: Sequence[Mapping[int, int]], edge: int) -> tuple[int, int]:
    """How many lie beyond the edge, of how many, without the slices that hold most of them."""
    counts = sorted((_beyond(part, edge), sum(part.values())) for part in slices)
    kept = counts[: len(counts) - ceil(len(counts) * TAIL_BURST)]
    return sum(beyond for beyond, _ in kept), sum(of for _, of in kept)


def _value(bucket: float) -> float:
    return float(2 ** (bucket / PER_OCTAVE))


def _beyond(counts: Mapping[int, int], edge: int) -> int:
    return sum(count for bucket, count in counts.items() if bucket >= edge)


def _median(counts: Mapping[int, int]) -> float:
    half, seen = sum(counts.values()) / 2, 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= half:
            return _value(bucket + 0.5)
    return 0.0
