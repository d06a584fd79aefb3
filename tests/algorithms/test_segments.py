"""Segments hold the failures, with few words, and chance alone is not a segment.

The worlds are dense (sixty leaves of some hundred requests, three attributes) or sparse (eight attributes, most
leaves of one or two requests), drawn from a seed.
"""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.segments import NOT_A_VALUE, Counts, Found, Leaves, Where, likely, matching, search

ALARM = 0.001
CODES = np.array([(a, b, c) for a in range(5) for b in range(4) for c in range(3)])
VALUES = (6, 3, 3, 4, 5, 8, 2, 10)  # of each attribute in a sparse world
PLANTED: tuple[Where, ...] = (((0, 2),), ((0, 1), (1, 1)), ((0, 1), (1, 0), (2, 1)))


def world(seed: int, boost: dict[Where, float], base: float = 0.01) -> Leaves:
    """Sixty leaves of about 300 requests; the failure share of some descriptions is raised."""
    chance = np.random.default_rng(seed)
    requests = chance.poisson(300, len(CODES)).astype(float)
    share = np.full(len(CODES), base)
    for where, raised in boost.items():
        share[matching(CODES, where)] = raised
    failed = chance.binomial(requests.astype(int), share).astype(float)
    past_requests = chance.poisson(300, len(CODES)).astype(float)
    past = chance.binomial(past_requests.astype(int), base).astype(float)
    return Leaves(CODES, Counts(failed, requests, past, past_requests))


def sparse(
    seed: int, now: dict[Where, float], before: dict[Where, float] | None = None, requests: int = 4000
) -> Leaves:
    """Single requests of eight attributes; each fails by the last description of its window that holds it."""
    chance = np.random.default_rng(seed)
    codes, columns = [], []
    for shares, many in ((now, requests), (before or {(): 0.002}, 3000)):
        drawn = np.column_stack([np.minimum(chance.geometric(0.45, many) - 1, size - 1) for size in VALUES])
        share = np.full(many, 0.002)
        for where, raised in shares.items():
            share[matching(drawn, where)] = raised
        codes.append(drawn.astype(np.int64))
        columns.append((chance.random(many) < share).astype(float))
    none = [np.zeros(len(part)) for part in columns]
    ones = [np.ones(len(part)) for part in columns]
    counts = Counts(
        np.concatenate([columns[0], none[1]]),
        np.concatenate([ones[0], none[1]]),
        np.concatenate([none[0], columns[1]]),
        np.concatenate([none[0], ones[1]]),
    )
    return Leaves(np.concatenate(codes), counts)


def named(leaves: Leaves) -> list[Where]:
    """The descriptions that are more than chance."""
    return [one.where for one in likely(search(leaves), ALARM)]


def reported(found: tuple[Found, ...]) -> set[tuple[Where, ...]]:
    """Descriptions with their equivalents, in no order."""
    return {tuple(sorted((one.where, *one.also))) for one in found}


# Combinations, by a statistic over all their rows.


def test_a_single_value_is_found() -> None:
    """One attribute's value is hit."""
    assert [((1, 2),)] == named(world(1, {((1, 2),): 0.2}))


def test_a_combination_is_found() -> None:
    """Only two values together are hit, neither alone."""
    assert [((0, 3), (2, 1))] == named(world(2, {((0, 3), (2, 1)): 0.3}))


def test_three_together_are_found() -> None:
    """One leaf alone is hit."""
    assert [((0, 1), (1, 1), (2, 2))] == named(world(3, {((0, 1), (1, 1), (2, 2)): 0.4}))


@pytest.mark.slow
@pytest.mark.parametrize(("requests", "share", "draws"), [(2000, 0.9, 7), (2000, 0.4, 7), (8000, 0.2, 4)])
def test_what_was_planted_is_found_among_sparse_leaves(requests: int, share: float, draws: int) -> None:
    """Nine in ten or more, of any depth, and nothing else is named with it."""
    drawn = [(seed, where) for where in PLANTED for seed in range(draws)]

    right = sum([where] == named(sparse(seed, {where: share}, requests=requests)) for seed, where in drawn)

    assert right >= 0.9 * len(drawn)


def test_a_part_of_a_segment_does_not_stand_for_all_of_it() -> None:
    """A twentieth of the requests fails almost always and never did before; most of it is on one plan."""
    codes = np.array(
        [(issuer, provider, plan) for issuer in range(4) for provider in range(2) for plan in range(2)]
    )
    parts = (
        np.array([0.064, 0.38, 0.316, 0.24])[codes[:, 0]]
        * np.array([0.8, 0.2])[codes[:, 1]]
        * np.array([0.7, 0.3])[codes[:, 2]]
    )
    hit = matching(codes, ((0, 0), (1, 0)))
    now, before = np.rint(2000 * parts), np.rint(3000 * parts)
    failed = np.where(hit, np.rint(0.96 * now), 0.0)
    past = np.where(hit, 0.0, np.rint(0.003 * before))

    assert [((0, 0), (1, 0))] == named(Leaves(codes, Counts(failed, now, past, before)))


# Failures of requests, not failures: growth is not blamed.


def test_a_segment_that_grew_is_not_blamed() -> None:
    """Ten times the requests bring ten times the failures."""
    chance = np.random.default_rng(7)
    requests = np.where(CODES[:, 1] == 1, 3000.0, 300.0)
    past_requests = np.full(len(CODES), 300.0)
    past = chance.binomial(300, 0.02, len(CODES)).astype(float)
    now = chance.binomial(requests.astype(int), 0.02).astype(float)

    assert [] == named(Leaves(CODES, Counts(now, requests, past, past_requests)))


# Against the segment's own past, and against the others now.


def test_a_segment_that_always_failed_is_not_blamed() -> None:
    """A value with a high share in its past gets no more than everyone else."""
    chance = np.random.default_rng(6)
    requests = np.full(len(CODES), 500.0)
    bad = CODES[:, 0] == 2
    past = chance.binomial(500, np.where(bad, 0.2, 0.01)).astype(float)
    now = chance.binomial(500, np.where(bad, 0.25, 0.06)).astype(float)

    assert [] == named(Leaves(CODES, Counts(now, requests, past, requests)))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("where", [((2, 1),), ((2, 1), (3, 0))])
def test_what_always_failed_is_not_blamed_where_leaves_have_no_past(where: Where, share: float) -> None:
    """Most leaves are seen for the first time; together they failed as much before."""
    assert [] == named(sparse(3, {where: share}, {where: share}))


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_segment_is_found_beside_one_that_always_failed(share: float) -> None:
    """The new one is named, the old one not."""
    always, new = ((2, 1), (3, 0)), ((0, 1), (1, 1))

    assert [new] == named(sparse(4, {new: 0.6, always: share}, {always: share}))


# Chance is controlled over everything searched.


@given(st.integers(0, 10**6), st.sampled_from([0.002, 0.03, 0.3, 0.9]))
def test_chance_is_no_segment(seed: int, share: float) -> None:
    """Whatever the draw: equal rates give no segment."""
    assert [] == named(world(seed, {(): share}))


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.002, 0.01, 0.05, 0.2, 0.9])
def test_chance_is_no_segment_among_sparse_leaves(share: float) -> None:
    """Everyone is hit alike, four draws each."""
    assert [[]] * 4 == [named(sparse(seed, {(): share})) for seed in range(4)]


def test_the_chance_said_is_no_less_than_that_of_a_permutation() -> None:
    """Failures dealt anew over the requests give a chance of 1 in 20 or less no more often than that."""
    chance = np.random.default_rng(9)
    equal = world(9, {(): 0.05})
    requests = equal.counts.requests
    alarms = 0
    for _ in range(60):
        dealt = chance.multivariate_hypergeometric(
            requests.astype(int), int(equal.counts.failed.sum())
        ).astype(float)
        counts = Counts(dealt, requests, equal.counts.failed_before, equal.counts.requests_before)
        alarms += bool(likely(search(Leaves(CODES, counts), causes=1), 0.05))

    assert alarms <= 3


def test_a_short_past_proves_little() -> None:
    """Three requests in the past, none failed; a third of as few fails now."""
    now = np.where(CODES[:, 0] == 1, 0.0, 1.0)
    now[:3] = 0.0
    failed = np.zeros(len(CODES))
    failed[5] = 1.0
    few = np.full(len(CODES), 0.05)

    assert [] == named(Leaves(CODES, Counts(failed, now, np.zeros(len(CODES)), few)))


def test_what_is_not_sure_is_still_given() -> None:
    """The best description comes with its chance, which does not pass for proof."""
    (found, *_) = search(world(5, {((0, 1), (1, 2), (2, 0)): 0.03}))

    assert found.log_chance > np.log(ALARM)


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_values_that_fail_are_named_before_a_half_of_the_traffic(failing: int) -> None:
    """Nothing failed before, all of some values fails now: each is named beside the others, and no uneven half."""
    chance = np.random.default_rng(3)
    drawn = [chance.integers(0, 8, 6000), chance.random(6000) > 0.7, chance.integers(0, 900, 6000)]
    codes, ones = np.column_stack(drawn).astype(np.int64), np.ones(6000)
    fails = Counts((codes[:, 0] < failing) * ones, ones, 0 * ones, 2 * ones)

    assert {((0, value),) for value in range(failing)} == set(named(Leaves(codes, fails)))


# One description, as short as can be, with its equivalents.


def test_equal_descriptions_are_listed() -> None:
    """A zone that lies wholly on one host names both."""
    codes = np.column_stack([CODES, CODES[:, 0]])
    one = world(8, {((0, 4),): 0.3})

    (found,) = search(Leaves(codes, one.counts))

    assert ((0, 4),) == found.where
    assert (((3, 4),),) == found.also


def test_the_level_of_a_hierarchy_that_is_hit_is_named() -> None:
    """Hosts lie in zones and zones in regions: a zone is hit, not its hosts, nor its region."""
    host = np.repeat(np.arange(24), 5)
    codes = np.column_stack([host // 12, host // 4, host, np.tile(np.arange(5), 24)])
    requests = np.full(len(codes), 100.0)
    past = np.full(len(codes), 1.0)
    failed = np.where(codes[:, 1] == 2, 30.0, 1.0)

    assert [((1, 2),)] == named(Leaves(codes, Counts(failed, requests, past, requests)))


def test_a_value_of_many_is_found() -> None:
    """One of five thousand hosts fails, and it is not among the most frequent."""
    hosts = np.arange(5000)
    codes = np.column_stack([hosts, hosts % 7])
    requests = np.where(hosts == 3210, 40.0, 50.0 + hosts % 50)
    past = np.zeros(len(hosts))
    failed = np.where(hosts == 3210, 30.0, 0.0)

    assert [((0, 3210),)] == named(Leaves(codes, Counts(failed, requests, past, requests)))


def test_a_value_that_is_on_one_side_only_is_found() -> None:
    """A version that the past did not have, on half of the requests."""
    codes = np.column_stack([np.tile(CODES, (2, 1)), np.repeat([NOT_A_VALUE, 1], len(CODES))])
    new = codes[:, 3] == 1
    requests, past = np.full(len(codes), 100.0), np.where(new, 0.0, 200.0)
    failed = np.where(new, 40.0, 1.0)

    assert [((3, 1),)] == named(Leaves(codes, Counts(failed, requests, past * 0.01, past)))


# What is left, and a second cause.


def test_a_second_cause_is_peeled() -> None:
    """Two unrelated values are hit."""
    assert {((0, 0),), ((1, 3),)} == set(named(world(4, {((0, 0),): 0.3, ((1, 3),): 0.12})))


def test_what_is_explained_is_counted_once() -> None:
    """The failures of both causes together are no more than all."""
    leaves = world(4, {((0, 0),): 0.3, ((1, 3),): 0.12})

    assert sum(one.failed for one in search(leaves)) <= leaves.counts.failed.sum()


# Everyone.


@pytest.mark.parametrize("seed", range(3))
def test_everyone_equally_is_no_segment(seed: int) -> None:
    """The share rises for all alike."""
    assert [] == named(world(seed, {(): 0.15}))


def test_a_little_more_than_everyone_is_no_segment() -> None:
    """All are hit, and one value a quarter more: not worth telling."""
    leaves = Leaves(CODES, world(2, {(): 0.2, ((0, 1),): 0.25}).counts)
    many = Counts(*(100 * getattr(leaves.counts, name) for name in Counts.__slots__))

    assert [] == named(Leaves(CODES, many))


# Zero baselines, additive and derived measures.


def test_a_zero_baseline_is_no_infinity() -> None:
    """Nothing ever failed before; a tenth of one value fails now."""
    requests = np.full(len(CODES), 200.0)
    now = np.where(CODES[:, 2] == 0, 20.0, 0.0)

    (found,) = search(Leaves(CODES, Counts(now, requests, np.zeros(len(CODES)), requests)))

    assert ((2, 0),) == found.where
    assert np.isfinite(found.score)


@pytest.mark.parametrize("factor", [0.4, 2.5])
def test_sums_against_a_forecast_have_segments(factor: float) -> None:
    """Orders by attribute, a tenth up or down by nature; some fall to a part, or rise to a multiple."""
    chance = np.random.default_rng(12)
    forecast = chance.lognormal(4, 1, len(CODES))
    now = forecast * chance.normal(1, 0.1, len(CODES))
    now[matching(CODES, ((0, 3), (2, 1)))] *= factor

    assert [((0, 3), (2, 1))] == named(Leaves(CODES, Counts.of_sums(now, forecast)))


def test_sums_that_follow_their_forecast_have_none() -> None:
    """Only the natural noise."""
    chance = np.random.default_rng(13)
    forecast = chance.lognormal(4, 1, len(CODES))

    assert [] == named(Leaves(CODES, Counts.of_sums(forecast * chance.normal(1, 0.1, len(CODES)), forecast)))


def test_a_derived_measure_is_failures_of_requests() -> None:
    """A success rate by attribute, given as rate and volume, falls for one value."""
    volume = np.full(len(CODES), 80.0)
    rate = np.where(CODES[:, 1] == 2, 0.7, 0.995)
    counts = Counts((1 - rate) * volume, volume, 0.005 * volume, volume)

    assert [((1, 2),)] == named(Leaves(CODES, counts))


# Laws.


@given(st.integers(0, 10**6), st.sampled_from(list(permutations(range(3)))))
def test_order_is_no_matter(seed: int, order: tuple[int, ...]) -> None:
    """Rows and attributes in any order give the same answer."""
    one = world(seed, {((0, 1), (2, 2)): 0.2, ((1, 3),): 0.1})
    rows = np.random.default_rng(seed).permutation(len(CODES))
    moved = search(Leaves(CODES[rows][:, order], one.counts.only(rows)))

    back = {
        tuple(sorted(tuple(sorted((order[a], v) for a, v in w)) for w in (f.where, *f.also))) for f in moved
    }
    assert reported(search(one)) == back


@given(st.integers(0, 10**6))
def test_split_rows_are_one_leaf(seed: int) -> None:
    """The same combination in two rows is the same leaf."""
    one = world(seed, {((0, 1), (2, 2)): 0.2})
    part = np.random.default_rng(seed).uniform(0, 1, len(CODES))
    parts = [Counts(*(p * getattr(one.counts, name) for name in Counts.__slots__)) for p in (part, 1 - part)]
    both = Counts(*(np.concatenate([getattr(p, name) for p in parts]) for name in Counts.__slots__))

    split = search(Leaves(np.concatenate([CODES, CODES]), both))

    assert [f.where for f in search(one)] == [f.where for f in split]
    assert [f.score for f in search(one)] == pytest.approx([f.score for f in split])


@given(st.integers(0, 10**6), st.integers(2, 10))
def test_more_of_the_same_says_the_same(seed: int, times: int) -> None:
    """All counts multiplied: the same description, no less likely."""
    one = world(seed, {((0, 1), (2, 2)): 0.4}, base=0.05)
    more = Counts(*(times * getattr(one.counts, name) for name in Counts.__slots__))

    assert [((0, 1), (2, 2))] == named(one) == named(Leaves(CODES, more))


def test_an_attribute_that_says_nothing_changes_nothing() -> None:
    """A column with one value everywhere."""
    one = world(1, {((1, 2),): 0.2})
    codes = np.column_stack([CODES, np.zeros(len(CODES), np.int64)])

    assert named(one) == named(Leaves(codes, one.counts))


def test_failures_beyond_the_usual() -> None:
    """Of 100 requests of which one in ten failed before, 30 fail: 20 more; fewer than usual are none."""
    past = np.array([200.0]), np.array([20.0])

    assert 20 == pytest.approx(Counts(np.array([30.0]), np.array([100.0]), past[1], past[0]).beyond_usual())
    assert 0 == Counts(np.array([5.0]), np.array([100.0]), past[1], past[0]).beyond_usual()
