"""Segments: the shortest descriptions (attribute=value, up to three together) that hold the failures.

Rows are leaves: distinct combinations of attribute values with failures and requests, now and in the past.
Every leaf is compared with its own past, and a description with the rows that it holds:

* What was to be expected of a leaf is its requests times its own past share of failures. A leaf's past is
  short, so it is shrunk step by step towards that of ever more of its neighbours, and of everybody at last.
* The gain of a leaf at a multiplier is the log Bayes factor "this many times what was to be expected" against
  "as expected", of negative binomial counts: real counts vary by more than Poisson's, and with the variance
  growing with the square of the mean the gain of one leaf saturates. No single loud leaf outweighs many.
* The score of a description is the sum of its leaves' gains at the multiplier that suits it best, less a
  constant for each attribute beyond the first. Only those compete whose share of failures rose more than that
  of all other rows: where nothing failed before, any half of the traffic gains as much as it has failures. Unaffected rows count against it, so it is no wider than
  what is hit; affected rows outside are forgone, so it is no narrower.
* Its chance weighs the same leaves against "everyone is hit equally", by a factor of their past or by as many
  requests in a hundred more. The exponent of the likelihood ratio, times the number of descriptions tried,
  bounds the chance of the best one over everything searched, without a simulation.

The best description explains its rows; they are taken out and the search goes on for another cause.
Additive measures (counts or sums against a forecast, without requests) become such counts by `of_sums`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, takewhile
from math import ceil, inf, log
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Where = tuple[tuple[int, int], ...]  # (attribute, code), all of which must match

NOT_A_VALUE = -1  # absent, or one of the values that are not searched
SHRINKAGE = 20.0  # requests' worth of the neighbours' past that a leaf's own past starts with
VARIANCE = 0.1  # of a leaf's rate beyond chance, relative: about a third up or down is usual
FIRST_TIMES, STEP = 1.5, 1.5  # multipliers that are tried, geometric
MOST_TIMES = 21.0  # at least; further where so few used to fail that all of them failing is more
MOST_FAIL = 0.95  # of a leaf's requests: nothing fails more than always
WORD = 2.0  # of the score, for each attribute beyond the first
LIFT = 1.5  # times the rise of the other rows' share, to be worth telling
CAUSES = 3
ANOTHER = 10.0  # score from which there is another cause
ANOTHER_PART = 0.25  # of the first cause's score, from which there is another cause
# Leaves vary together, so that their Bayes factors are not independent: of their sum a third is believed. With all of
# it a posterior of 0.95 was right in 4 of 10, with a third in 10 of 10, and 0.8 in 7 of 10 (68 real incidents).
BELIEVED = 1 / 3
NEAR = 30.0  # of the score below the best, to where a description counts as its rival at all
NONE_NEAR = np.zeros((0, 2))
WIDEST = 4  # dense counting is used while combinations are at most so many times the rows


@dataclass(frozen=True, slots=True)
class Counts:
    """Failures of requests, now and in the past: one value a row, or a group."""

    failed: Floats
    requests: Floats
    failed_before: Floats
    requests_before: Floats

    @property
    def columns(self) -> tuple[Floats, ...]:
        """All four."""
        return self.failed, self.requests, self.failed_before, self.requests_before

    @classmethod
    def of_sums(cls, now: Floats, forecast: Floats) -> "Counts":
        """Counts for an additive measure against its forecast, by what is missing, or by what is too much.

        Both are shares of the larger of the two. The deviations the other way are the usual noise.
        """
        larger = np.maximum(now, forecast)
        missing, excess = larger - now, larger - forecast
        hit, noise = (missing, excess) if missing.sum() >= excess.sum() else (excess, missing)
        usual = float(noise.sum()) / max(float(larger.sum() - hit.sum()), 1e-9)
        return cls(hit, larger, np.minimum(usual, 1.0) * larger, larger)

    def beyond_usual(self) -> float:
        """How many failures there are more than the rows' own past leads to expect; 0 where there are fewer."""
        before = max(float(self.requests_before.sum()), 1e-9)
        usual = float(self.requests.sum()) * float(self.failed_before.sum()) / before
        return max(0.0, float(self.failed.sum()) - usual)

    def only(self, rows: np.ndarray[Any, np.dtype[Any]]) -> "Counts":
        """Some of the rows."""
        return Counts(*(column[rows] for column in self.columns))

    def grouped(self, group: Integers, groups: int) -> "Counts":
        """Sums by group."""
        return Counts(*(np.bincount(group, one, groups).astype(np.float64) for one in self.columns))


@dataclass(frozen=True, slots=True)
class Leaves:
    """Rows by attribute codes (rows x attributes, NOT_A_VALUE where absent), with their counts."""

    codes: Integers
    counts: Counts

    def only(self, rows: Flags) -> "Leaves":
        """Some of the rows."""
        return Leaves(self.codes[rows], self.counts.only(rows))

    def merged(self) -> "Leaves":
        """The same with every combination of values in one row."""
        group, groups = _grouped(self.codes)
        first = np.zeros(groups, np.int64)
        first[group] = np.arange(len(group))
        return Leaves(self.codes[first], self.counts.grouped(group, groups))


@dataclass(frozen=True, slots=True)
class Found:
    """A description of a segment that holds more failures than its part."""

    where: Where
    failed: float
    expected: float  # by its own past
    requests: float
    score: float  # log Bayes factor, less the price of its words
    log_chance: float  # of such a score anywhere in the search, if everyone is hit equally
    tried: int  # descriptions that it was chosen from
    posterior: float  # of this description among all that were tried, those of the same rows being one
    also: tuple[Where, ...] = ()  # descriptions of exactly the same rows


def search(leaves: Leaves, *, depth: int = 3, causes: int = CAUSES) -> tuple[Found, ...]:
    """The segments that hold the failures, most first; whether one is more than chance, `log_chance` says."""
    found: list[Found] = []
    whole = rest = leaves.merged()
    while len(found) < causes and len(rest.codes) > 1 and rest.counts.failed.sum() > 0:
        least = max(ANOTHER, ANOTHER_PART * found[0].score) if found else 0.0
        best = _best(rest, depth, least)
        if best is None:
            break
        found.append(best)
        rest = rest.only(~matching(rest.codes, best.where))
    return tuple(_together(found, whole)) if len(found) > 1 else tuple(found)


def _together(found: list[Found], whole: Leaves) -> Iterator[Found]:
    """Each with its chance beside the others, where that is less: what it adds to those that were found with it.

    Where all of three values fails and nothing else does, one of them hardly differs from a rest that holds the others.
    """
    gains, rows = _Gains.of(whole), [matching(whole.codes, one.where) for one in found]

    def apart(places: Iterable[int]) -> float:
        return gains.apart(np.logical_or.reduce([rows[place] for place in places]))

    for place, one in enumerate(found):
        chance = 0.0
        for many in range(max(place + 1, 2), len(found) + 1):
            others = [other for other in range(many) if other != place]
            added = apart(range(many)) - max(0.0, apart(others))
            chance = min(chance, log(one.tried) - added)
        past = _beyond_its_past(whole, one.where, gains.usual)
        yield replace(one, log_chance=min(one.log_chance, max(chance, -past)))


def likely(found: tuple[Found, ...], alarm: float) -> tuple[Found, ...]:
    """Those that chance alone would give less often than an alarm level, up to the first that it would not.

    Where one before it may be chance, it separates nothing.
    """
    return tuple(takewhile(lambda one: one.log_chance <= log(alarm), found))


def expected(counts: Counts) -> float:
    """How many failures there were to be if every row failed as often as before."""
    usual = (float(counts.failed_before.sum()) + 0.5) / (float(counts.requests_before.sum()) + 1.0)
    return float((counts.requests * _usual_shares(counts, usual)).sum())


def matching(codes: Integers, where: Where) -> Flags:
    """Which rows a description holds."""
    held = np.ones(len(codes), bool)
    for attribute, code in where:
        held &= codes[:, attribute] == code
    return held


def _best(leaves: Leaves, depth: int, least: float) -> Found | None:
    gains = _Gains.of(leaves)
    best, where, tried, near = least, Where(), 0, [NONE_NEAR]
    for columns in _cuboids(leaves.codes.shape[1], depth):
        scored = _best_of(leaves.codes, columns, gains, best)
        tried += scored.tried
        near.append(scored.near)
        if scored.where:
            best, where = scored.score, scored.where
    if not where:
        return None
    rows = matching(leaves.codes, where)
    shortest, *also = _descriptions(leaves.codes, rows, where, depth)
    past = _beyond_its_past(leaves, where, gains.usual)
    log_chance = min(0.0, max(log(tried) - gains.apart(rows), -past))
    held = leaves.counts.only(rows)
    return Found(
        shortest,
        float(held.failed.sum()),
        float(gains.expected[rows].sum()),
        float(held.requests.sum()),
        best,
        log_chance,
        tried,
        _posterior(best, np.concatenate(near)),
        tuple(also),
    )


def _posterior(best: float, near: Floats) -> float:
    """The best one's part of the Bayes factors of all, each set of rows counted once.

    Descriptions of the same rows have the same gain but for rounding; the one with the fewest words counts.
    """
    order = np.lexsort((-near[:, 1], np.round(near[:, 0], 6)))
    gains, scores = np.round(near[order, 0], 6), near[order, 1]
    first = np.concatenate([[True], np.diff(gains) > 0])
    return min(1.0, float(1 / np.exp(BELIEVED * (scores[first] - best)).sum()))


def _cuboids(attributes: int, depth: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, min(depth, attributes) + 1):
        yield from combinations(range(attributes), size)


@dataclass(frozen=True, slots=True)
class _Gains:
    """What each leaf gains, by how much more often it fails: rows are hypotheses, "as expected" the first."""

    counts: Counts
    usual: float  # everybody's past share of failures
    expected: Floats
    times: Floats  # "so many times as often"
    added: Floats  # "so many in a hundred more"
    most: Floats  # the best that a leaf can give to any description

    @classmethod
    def of(cls, leaves: Leaves) -> "_Gains":
        counts = leaves.counts
        usual = (float(counts.failed_before.sum()) + 0.5) / (float(counts.requests_before.sum()) + 1.0)
        expected = np.maximum(counts.requests * _usual_shares(counts, usual), 1e-9)
        top = max(MOST_TIMES, 1 / max(usual, 1e-4))
        factors = FIRST_TIMES * STEP ** np.arange(ceil(log(top / FIRST_TIMES) / log(STEP)) + 1)
        most = np.maximum(MOST_FAIL * counts.requests, expected)
        usually = _log_likelihood(counts.failed, expected)
        times, added = (
            np.vstack(
                [
                    np.zeros(len(expected)),
                    *(_log_likelihood(counts.failed, np.minimum(mean, most)) - usually for mean in means),
                ]
            )
            for means in (
                [factor * expected for factor in factors],
                [expected + (factor - 1) * usual * counts.requests for factor in factors],
            )
        )
        return cls(counts, usual, expected, times, added, times.max(axis=0))

    def raised_before(self, held: Counts, expected: np.ndarray[Any, np.dtype[Any]]) -> Integers:
        """The hypothesis that groups of leaves, taken together, fulfilled in their past already."""
        ratio = held.requests * _usual_shares(held, self.usual) / np.maximum(expected, 1e-9)
        place = np.rint(np.log(np.maximum(ratio, 1.0) / FIRST_TIMES) / log(STEP)) + 1
        return np.asarray(np.clip(place, 0, len(self.times) - 1).astype(np.int64))

    def apart(self, rows: Flags) -> float:
        """The log likelihood ratio of some rows being hit more than the rest, against all equally."""
        held = self.counts.only(rows).grouped(np.zeros(int(rows.sum()), np.int64), 1)
        before = int(self.raised_before(held, self.expected[rows].sum(keepdims=True))[0])
        kinds = []
        for gains, ahead in ((self.times, 0), (self.times, before), (self.added, 0)):
            inside, everyone = gains[:, rows].sum(axis=1), gains.sum(axis=1)
            kinds.append((inside[ahead:], (everyone - inside)[: len(inside) - ahead]))
        alike = max(float((i + o).max()) for i, o in kinds)
        more = max(float((i[1:] + np.maximum.accumulate(o)[:-1]).max(initial=-inf)) for i, o in kinds)
        return more - alike


def _log_likelihood(failed: Floats, mean: Floats) -> Floats:
    """Of negative binomial counts, but for what does not depend on the mean."""
    size = 1 / VARIANCE
    return np.asarray(size * np.log(size / (size + mean)) + failed * np.log(mean / (size + mean)))


def _usual_shares(counts: Counts, usual: float) -> Floats:
    """Past shares of failures, shrunk towards everybody's."""
    return np.asarray((counts.failed_before + SHRINKAGE * usual) / (counts.requests_before + SHRINKAGE))


def _beyond_its_past(leaves: Leaves, where: Where, usual: float) -> float:
    """The exponent of the chance of so many failures, predicted from the past of all these rows together.

    It is negative binomial: a gamma with as many events as the shrunk past holds.
    """
    held = leaves.counts.only(matching(leaves.codes, where))
    wider = _wider_share(leaves, where, usual)
    failed, events = float(held.failed.sum()), float(held.failed_before.sum()) + SHRINKAGE * wider
    expected = float(held.requests.sum()) * events / (float(held.requests_before.sum()) + SHRINKAGE)
    if failed <= expected:
        return 0.0
    return failed * log(failed / expected) - (failed + events) * log((failed + events) / (expected + events))


def _wider_share(leaves: Leaves, where: Where, usual: float) -> float:
    """The highest past share of failures of the descriptions with one word less, shrunk in the same way."""
    shares = [usual]
    for wider in combinations(where, len(where) - 1) if len(where) > 1 else ():
        held = leaves.counts.only(matching(leaves.codes, wider))
        events = float(held.failed_before.sum()) + SHRINKAGE * _wider_share(leaves, wider, usual)
        shares.append(events / (float(held.requests_before.sum()) + SHRINKAGE))
    return max(shares)


def _lifted(held: Counts, gains: _Gains) -> Flags:
    """Of groups of leaves: whether their share of failures rose by enough more than that of all other rows."""
    whole = gains.counts.grouped(np.zeros(len(gains.counts.failed), np.int64), 1)
    rest = Counts(*(every - some for every, some in zip(whole.columns, held.columns, strict=True)))
    mine, others = (
        one.failed / np.maximum(one.requests, 1e-9) - _usual_shares(one, gains.usual) for one in (held, rest)
    )
    return np.asarray(mine >= LIFT * others)


@dataclass(frozen=True, slots=True)
class _Scored:
    """The best description with values of some attributes, if it beats a floor; how many there are."""

    tried: int
    score: float = 0.0
    where: Where = ()
    near: Floats = field(
        default_factory=NONE_NEAR.copy
    )  # gains and scores, of those not far below the best so far


def _best_of(codes: Integers, columns: tuple[int, ...], gains: _Gains, floor: float) -> _Scored:
    group, groups = _grouped(codes[:, columns])
    price = WORD * (len(columns) - 1)
    known = (codes[:, columns] != NOT_A_VALUE).all(axis=1)
    tried = int(np.count_nonzero(np.bincount(group[known], minlength=groups)))
    promising = np.bincount(group, np.where(known, gains.most, 0.0), groups) - price > floor - NEAR
    rows = np.flatnonzero(known & promising[group])
    if not len(rows):
        return _Scored(tried)
    kept = int(np.count_nonzero(promising))
    at = (np.cumsum(promising) - 1)[group[rows]]
    sums = np.array([np.bincount(at, one[rows], kept) for one in gains.times])
    held = gains.counts.only(rows).grouped(at, kept)
    before = gains.raised_before(held, np.bincount(at, gains.expected[rows], kept))
    usually = np.maximum.accumulate(sums)[before, np.arange(kept)]
    most = sums.max(axis=0) - usually
    scores = np.where(_lifted(held, gains), most - price, -inf)
    best = int(scores.argmax())
    close = scores > max(floor, scores[best]) - NEAR
    near = np.column_stack([most[close], scores[close]])
    if scores[best] <= floor:
        return _Scored(tried, near=near)
    row = rows[int(np.flatnonzero(at == best)[0])]
    where = tuple((column, int(codes[row, column])) for column in columns)
    return _Scored(tried, float(scores[best]), where, near)


def _grouped(codes: Integers) -> tuple[Integers, int]:
    """A number for each row's combination of values, and how many numbers there are (some may not occur)."""
    joint, size = np.zeros(len(codes), np.int64), 1
    for column in codes.T:
        values = int(column.max(initial=NOT_A_VALUE)) + 2
        if size * values > WIDEST * len(codes) + 1000:
            kept, joint = np.unique(joint, return_inverse=True)
            size = len(kept)
        joint = joint * values + (column + 1)
        size *= values
    if size > WIDEST * len(codes) + 1000:
        kept, joint = np.unique(joint, return_inverse=True)
        size = len(kept)
    return joint, size


def _descriptions(codes: Integers, rows: Flags, where: Where, depth: int) -> list[Where]:
    """The shortest descriptions of exactly these rows, the given one among them."""
    held = codes[rows]
    same = [
        (attribute, int(held[0, attribute]))
        for attribute in range(codes.shape[1])
        if held[0, attribute] != NOT_A_VALUE and (held[:, attribute] == held[0, attribute]).all()
    ]
    flags = {one: codes[:, one[0]] == one[1] for one in same}
    found: list[Where] = []
    for size in range(1, depth + 1):
        for words in combinations(same, size):
            repeats = any(set(shorter) <= set(words) for shorter in found)
            if not repeats and np.array_equal(np.logical_and.reduce([flags[word] for word in words]), rows):
                found.append(words)
    return found or [where]
