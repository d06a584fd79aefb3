"""Twice: inputs that hold the same events: a rotated copy, one copied before it was truncated, one exported twice.

Of each input a small sample is kept: the events whose times have the least hashes, so that of two inputs with the same
events the same ones are kept (bottom-k sketches: Cohen and Kaplan, 2007). Of what both samples cover, the share that is in both
says how much of the one the other holds. Names and formats do not count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lastgood.model.loading import Copy

COMPARED_TIMES = 128  # times of an input
FEWEST = 10  # events in common
SAME_SHARE = 0.9  # of the events of the smaller one
MOST_HOLDERS = 20  # of one event, from which on it is a line that many write at once
# The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))

Hashes = npt.NDArray[np.uint64]


@dataclass
class Sample:
    """Some events of an input: by the hash of their time, what they say."""

    kept: dict[int, set[int]] = field(default_factory=dict)

    def saw(self, rows: pa.Table) -> None:
        """Take in rows of log events or spans."""
        what = next((name for name in ("Body", "SpanId") if name in rows.column_names), "")
        if not what or "Timestamp" not in rows.column_names or not len(rows):
            return
        times = rows["Timestamp"].cast(pa.int64()).to_numpy().astype(np.uint64)
        mixed = _mixed(times)
        least = np.unique(mixed)[:COMPARED_TIMES]
        if len(self.kept) >= COMPARED_TIMES:
            least = least[least <= max(self.kept)]
        places = np.flatnonzero(np.isin(mixed, least))[: 4 * COMPARED_TIMES]
        texts = rows[what].take(pa.array(places)).to_pylist()
        for place, text in zip(mixed[places].tolist(), texts, strict=True):
            self.kept.setdefault(place, set()).add(hash(text))
        if len(self.kept) > COMPARED_TIMES:
            self.kept = {place: self.kept[place] for place in sorted(self.kept)[:COMPARED_TIMES]}

    @property
    def reach(self) -> float:
        """The hash up to which every time of the input is kept."""
        return max(self.kept) if len(self.kept) >= COMPARED_TIMES else float("inf")

    def events(self, reach: float) -> set[tuple[int, int]]:
        """The events kept up to a hash."""
        return {(place, said) for place, texts in self.kept.items() if place <= reach for said in texts}


def _mixed(numbers: Hashes) -> Hashes:
    for shift, factor in _MIX:
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers


def copies(samples: Mapping[str, Sample]) -> tuple[Copy, ...]:
    """Which inputs hold the events of others."""
    return tuple(_copies(samples))


def _copies(samples: Mapping[str, Sample]) -> Iterator[Copy]:
    for first, second in _met(samples):
        reach = min(samples[first].reach, samples[second].reach)
        one, other = (samples[name].events(reach) for name in (first, second))
        fewer = min(len(one), len(other))
        if len(one & other) >= max(FEWEST, SAME_SHARE * fewer):
            small, large = (first, second) if len(one) <= len(other) else (second, first)
            yield Copy(small, large)


def _met(samples: Mapping[str, Sample]) -> list[tuple[str, str]]:
    """The pairs of inputs with enough events in common to be looked at."""
    holders: dict[tuple[int, int], list[str]] = defaultdict(list)
    for name, sample in samples.items():
        for event in sample.events(float("inf")):
            holders[event].append(name)
    pairs: Counter[Any] = Counter()
    for names in holders.values():
        if 1 < len(names) <= MOST_HOLDERS:
            pairs.update(combinations(sorted(names), 2))
    return sorted(pair for pair, shared in pairs.items() if shared >= FEWEST)
