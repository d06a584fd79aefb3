"""Which commit is the first bad one, by a flaky test. Against fixed repeats, on many histories: bench/bisect."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastgood.algorithms.bisection import (
    FAVOURED,
    FEW_POWER,
    FEW_RUNS,
    FLAKY_DOUBT,
    LEAST_RIVAL,
    MOST_FEW,
    RATES,
    SELDOM_WRONG,
    VERY_FLAKY,
    Belief,
    Outcomes,
    believed,
    gains,
    needed,
    next_test,
    rivals,
    runs_left,
)
from lastgood.model.bisection import RunOutcome

CERTAINTY = 0.98


def searched(
    size: int,
    first: int,
    flake: float,
    seed: int,
    *,
    prior: list[float] | None = None,
    skipped: tuple[int, ...] = (),
) -> tuple[Belief, int]:
    """What is believed at the end, and after how many runs; both ends are run first."""
    chance, tests = np.random.default_rng(seed), Outcomes.of(size)
    belief, runs, todo = believed(tests, prior), 0, [0, size - 1]
    while (todo or belief.certainty < needed(CERTAINTY, tests, belief)) and runs < 3000:
        place = todo.pop() if todo else int(np.argmax(gains(belief, tests)))
        if place in skipped:
            tests.skipped[place] = True
        else:
            fails = (place >= first) != (chance.uniform() < flake)
            (tests.failed if fails else tests.passed)[place] += 1
        runs += 1
        belief = believed(tests, prior)
    return belief, runs


@given(st.integers(2, 300).flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size - 1))))
def test_a_test_that_is_never_wrong_finds_it_in_few_runs(where: tuple[int, int]) -> None:
    """Halving, and a few repeats, since no one said that it is never wrong."""
    size, first = where
    belief, runs = searched(size, first, 0.0, 1)

    assert (first,) == belief.best
    assert runs <= 2 * np.log2(size) + 12


@pytest.mark.slow
@pytest.mark.parametrize(("flake", "longest"), [(0.05, 60), (0.1, 60), (0.2, 40), (0.3, 20), (0.4, 8)])
def test_a_flaky_test_finds_it_in_95_of_100(flake: float, longest: int) -> None:
    """On 40 seeded histories of 4 commits or more, two may be wrong."""
    chance = np.random.default_rng(7)
    sizes = chance.integers(4, longest, 40)
    right = [
        searched(int(size), first, flake, seed)[0].best == (first,)
        for seed, size in enumerate(sizes)
        for first in [int(np.random.default_rng(seed).integers(1, size))]
    ]

    assert sum(right) >= 38


def test_the_runs_that_are_left_are_counted_down() -> None:
    """With a test that is never wrong, from where one commit is likelier than all others: each run is one less, about."""
    size, first, tests = 40, 27, Outcomes.of(40)
    belief, left = believed(tests), list[int]()
    while belief.certainty < CERTAINTY:
        place = int(np.argmax(gains(belief, tests)))
        (tests.failed if place >= first else tests.passed)[place] += 1
        belief = believed(tests)
        if belief.certainty > FAVOURED:
            left.append(runs_left(belief, tests, CERTAINTY))

    assert size == len(belief.posterior)
    assert len(left) > 3
    assert all(
        abs(reported - true) <= 3 for reported, true in zip(left, reversed(range(len(left))), strict=True)
    )


def test_few_runs_need_more_certainty() -> None:
    """More so of a test that is learnt to be wrong at times; not where how flaky it is is known."""
    tests = Outcomes.of(4)
    tests.passed[0], tests.failed[3] = FEW_RUNS / 4, FEW_RUNS / 4
    none, half = np.zeros(4), np.full(4, 0.25)
    seldom, twice, often = (
        Belief(half, np.arange(4), none, none, (rate, rate)) for rate in (SELDOM_WRONG, 2 * SELDOM_WRONG, 0.2)
    )

    assert 1 - (1 - CERTAINTY) / 2**FEW_POWER == pytest.approx(needed(CERTAINTY, tests, seldom))
    assert 1 - (1 - CERTAINTY) / 4**FEW_POWER == pytest.approx(needed(CERTAINTY, tests, twice))
    assert CERTAINTY == needed(CERTAINTY, tests, seldom, 0.1)
    tests.failed[3] = FEW_RUNS
    assert CERTAINTY == pytest.approx(needed(CERTAINTY, tests, seldom))
    assert CERTAINTY < needed(CERTAINTY, tests, often)
    tests.failed[3] = FEW_RUNS * MOST_FEW
    assert CERTAINTY == pytest.approx(needed(CERTAINTY, tests, often))


def test_a_test_may_tell_nothing_from_the_first_run_on() -> None:
    """Rates up to a half are likely before anything is known: else chance looks like a test that is seldom wrong."""
    assert RATES.max() == 0.5
    assert max(believed(Outcomes.of(4)).flake) < 0.5


def test_a_very_flaky_test_needs_more_certainty() -> None:
    """And is believed to be able to tell nothing: its rates are nearer to a half."""
    tests = Outcomes.of(4)
    tests.passed[:], tests.failed[:] = [50, 20, 20, 30], [30, 20, 20, 50]
    belief = believed(tests)

    assert min(belief.flake) > VERY_FLAKY
    assert 1 - (1 - CERTAINTY) * FLAKY_DOUBT == pytest.approx(needed(CERTAINTY, tests, belief))


@pytest.mark.slow
def test_a_test_that_tells_nothing_names_hardly_a_commit() -> None:
    """Of 40 histories within 200 runs at most one, however often it is looked."""
    named = 0
    for seed in range(40):
        chance, tests = np.random.default_rng(seed), Outcomes.of(6)
        belief, todo = believed(tests), [0, 5]
        for _ in range(200):
            place = todo.pop() if todo else int(np.argmax(gains(belief, tests)))
            tests.count(place, RunOutcome.BAD if chance.uniform() < 0.5 else RunOutcome.GOOD)
            belief = believed(tests)
            if not todo and belief.certainty >= needed(CERTAINTY, tests, belief):
                named += 1
                break

    assert named <= 1


def test_a_good_prior_saves_runs_and_a_wrong_one_costs_few() -> None:
    """Wrong is one that gives all its weight to another commit."""
    size, first = 200, 120
    good, wrong = ([99.0 if n == reported else 0.0 for n in range(size)] for reported in (first, 10))
    found = [
        [searched(size, first, 0.1, seed, prior=prior) for seed in range(10)] for prior in (None, good, wrong)
    ]
    none, helped, misled = (sum(runs for _, runs in each) for each in found)

    assert helped < 0.7 * none
    assert misled < 1.6 * none
    assert all(sum(belief.best == (first,) for belief, _ in each) >= 9 for each in found)


@pytest.mark.parametrize("first", [4, 6, 7])
def test_commits_that_cannot_be_tested_are_named_together(first: int) -> None:
    """4 to 6 do not build: then any of them, or 7, can be the first bad one."""
    belief, _ = searched(12, first, 0.0, 3, skipped=(4, 5, 6))

    assert (4, 5, 6, 7) == belief.best
    assert first in belief.best


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=40),
    st.sets(st.integers(1, 8), max_size=4),
    st.sampled_from([None, 0.0, 0.2]),
)
@settings(max_examples=50)
def test_whatever_was_seen_beliefs_are_chances(
    seen: list[tuple[int, bool]], skipped: set[int], flake: float | None
) -> None:
    """They add up; no run is said to tell less than nothing or more than a bit; the good end is never the first bad one."""
    tests = Outcomes.of(10)
    for place, fails in seen:
        (tests.failed if fails else tests.passed)[place] += 1
    tests.skipped[[*skipped]] = True
    belief = believed(tests, None, flake)
    gained = gains(belief, tests)

    assert pytest.approx(1) == belief.posterior.sum()
    assert belief.posterior[0] < 1e-9
    assert 0 <= belief.certainty <= 1 + 1e-9
    assert (gained >= 0).all()
    assert (gained <= 1 + 1e-9).all()
    assert not gained[[*skipped]].any()
    assert runs_left(belief, tests, CERTAINTY) >= 0
    assert all(0 <= rate <= 0.5 for rate in belief.flake)


def test_flakiness_is_estimated() -> None:
    """Of each kind apart, from runs on commits that are known by now."""
    tests = Outcomes.of(10)
    tests.passed[4], tests.failed[4], tests.failed[5] = 70, 30, 100
    belief = believed(tests)

    assert (5,) == belief.best
    assert 0.2 < belief.flake[0] < 0.4
    assert belief.flake[1] < 0.05


def test_flakiness_of_one_side_tells_of_the_other() -> None:
    """Bad commits that pass at times make failures of good ones likelier; a good commit was tested once only."""

    def false_fail(passes: int) -> float:
        tests = Outcomes(np.zeros(40), np.zeros(40), np.zeros(40, bool))
        tests.passed[0], tests.failed[-1], tests.passed[-1] = 1, 20 - passes, passes
        return believed(tests).flake[0]

    assert false_fail(6) > false_fail(0) + 0.05


def test_runs_are_counted_by_how_they_ended() -> None:
    """A commit that asked to be skipped is neither good nor bad."""
    tests = Outcomes.of(3)
    for place, outcome in (
        (0, RunOutcome.GOOD),
        (2, RunOutcome.BAD),
        (2, RunOutcome.BAD),
        (1, RunOutcome.SKIP),
    ):
        tests.count(place, outcome)

    assert ([1, 0, 0], [0, 0, 2]) == (tests.passed.tolist(), tests.failed.tolist())
    assert [False, True, False] == tests.skipped.tolist()


def test_the_next_test_is_where_most_is_told() -> None:
    """In the middle at first; nowhere when nothing between can be tested."""
    tests = Outcomes.of(9)
    tests.count(0, RunOutcome.GOOD)
    tests.count(8, RunOutcome.BAD)
    assert next_test(believed(tests), tests) in {3, 4}

    tests.skipped[:] = True
    assert next_test(believed(tests), tests) is None


def test_rivals_are_the_next_likely() -> None:
    """Without the likeliest, and without what is hardly possible."""
    shares = np.array([0.0, 0.6, LEAST_RIVAL, 0.399, LEAST_RIVAL / 2])
    none = np.zeros(5)

    assert ((3, 0.399), (2, LEAST_RIVAL)) == rivals(Belief(shares, np.arange(5), none, none, (0.0, 0.0)))
