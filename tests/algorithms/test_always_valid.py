"""Evidence that may be looked at at any time: never too often wrong, whatever the counts."""

from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from lastgood.algorithms.always_valid import Counts, mostly, not_worse, only_here, requests_needed, worse

SHARES = st.floats(0.0005, 0.9)


def one_block(
    na: int, nb: int, ya: "np.ndarray[Any, Any]", yb: "np.ndarray[Any, Any]", before: tuple[float, float]
) -> list[Counts]:
    """A block for each pair of events, after a baseline that was seen before."""
    past = np.array([before[0]]), np.array([before[1]])
    return [
        Counts(np.array([[a]]), np.array([[na]]), np.array([[b]]), np.array([[nb]]), *past)
        for a in ya.astype(float) for b in yb.astype(float)
    ]  # fmt: skip


def expected(
    na: int, nb: int, a: float, b: float, before: tuple[float, float], margin: float | None
) -> float:
    """The exact mean of the evidence of one block when the shares are `a` and `b`."""
    ya, yb = np.arange(na + 1), np.arange(nb + 1)
    weights = np.outer(binom.pmf(ya, na, a), binom.pmf(yb, nb, b)).ravel()
    found = [
        (worse(counts) if margin is None else not_worse(counts, margin))[-1]
        for counts in one_block(na, nb, ya, yb, before)
    ]
    return float(np.sum(weights * np.exp(found)))


@given(st.integers(1, 3), st.integers(1, 3), SHARES, st.integers(0, 60))
def test_under_the_null_evidence_is_not_expected_to_grow(na: int, nb: int, share: float, bad: int) -> None:
    """Exactly, over every outcome of a block, whatever was estimated before: so at most 1 in 1/level is ever misled."""
    assert expected(na, nb, share, share, (bad, 60), None) <= 1 + 1e-9


@given(st.integers(1, 3), st.integers(1, 3), st.floats(0.0005, 0.7), st.floats(0, 0.2), st.integers(0, 60))
def test_a_canary_worse_by_the_margin_is_not_expected_to_pass(
    na: int, nb: int, share: float, more: float, bad: int
) -> None:
    """Nor one that is still worse."""
    assert expected(na, nb, share, share + 0.05 + more, (bad, 60), 0.05) <= 1 + 1e-9


def drawn(chance: np.random.Generator, a: float, b: float, blocks: int = 100, of: int = 100) -> Counts:
    """Blocks of two strata, the second with twice the share."""
    shares = np.array([1.0, 2.0])
    sizes = np.full((blocks, 2), of)
    zero = np.zeros(2)
    return Counts(
        chance.binomial(sizes, a * shares).astype(float), sizes.astype(float), chance.binomial(sizes, b * shares).astype(float),
        sizes.astype(float), zero, zero,
    )  # fmt: skip


def test_many_looks_do_not_raise_the_chance_of_a_false_alarm() -> None:
    """Of 300 equal pairs looked at 100 times each, far under the level is ever called worse; most that are worse are."""
    chance = np.random.default_rng(3)
    alarms = [worse(drawn(chance, 0.02, 0.02)).max() >= log(20) for _ in range(300)]
    found = [worse(drawn(chance, 0.02, 0.03)).max() >= log(20) for _ in range(50)]

    assert np.mean(alarms) <= 0.05
    assert np.mean(found) > 0.9


def test_a_block_without_one_side_says_nothing() -> None:
    """No evidence either way."""
    counts = drawn(np.random.default_rng(1), 0.02, 0.5)
    nothing = np.zeros_like(counts.canary_all)
    empty = Counts(
        counts.baseline_bad, counts.baseline_all, nothing, nothing, counts.before_bad, counts.before_all
    )

    assert 0 == worse(empty).max()
    assert 0 == not_worse(empty, 0.01).max()
    assert 0.0 == empty.shares[0]


def test_shares_are_of_the_same_mix() -> None:
    """The baseline's as if it had the canary's operations."""
    zero = np.zeros(2)
    counts = Counts(
        np.array([[1.0, 50.0]]),
        np.array([[900.0, 100.0]]),
        np.array([[0.0, 50.0]]),
        np.array([[0.0, 100.0]]),
        zero,
        zero,
    )

    assert (0.5, 0.5) == counts.shares


@pytest.mark.parametrize("share", [0.001, 0.02, 0.2])
def test_as_many_requests_as_foretold_are_needed(share: float) -> None:
    """Within a factor of two, in the middle of many."""
    chance = np.random.default_rng(5)
    needed = requests_needed(share, 0.05, 0.05)
    taken = []
    for _ in range(40):
        of = np.full((4000, 1), 1.0)
        a, b = (chance.binomial(1, share, (4000, 1)).astype(float) for _ in "ab")
        crossed = np.flatnonzero(
            not_worse(Counts(a, of, b, of, np.array([share * 2000]), np.array([2000.0])), 0.05) >= log(20)
        )
        taken.append(crossed[0] + 1 if len(crossed) else 4000)

    assert needed / 2 < np.median(taken) < needed * 2


def test_what_only_the_canary_does_is_evidence() -> None:
    """The more often, and the smaller its part; what both do is none."""
    assert only_here(8, 0, 0.1) > only_here(8, 0, 0.5) > only_here(2, 0, 0.5) > 0
    assert only_here(1, 9, 0.1) < log(10)
    assert 0.0 == only_here(0, 5, 0.5) == only_here(5, 0, 1.0)
    assert sum(binom.pmf(k, 10, 0.3) * exp(only_here(k, 10 - k, 0.3)) for k in range(1, 11)) <= 1


def test_a_coin_that_is_mostly_heads_is_seen_and_a_fair_one_is_not() -> None:
    """After each toss; a fair one exceeds 1/level with a chance of at most the level, though it is looked at each time."""
    chance = np.random.default_rng(5)
    fair = [float(mostly(chance.uniform(size=200) < 0.5).max()) for _ in range(400)]

    assert np.mean(np.array(fair) >= np.log(1 / 0.05)) <= 0.05
    assert np.allclose(
        mostly(np.ones(9, bool)), np.log(2.0 ** np.arange(2, 11) / np.arange(2, 11) - 1 / np.arange(2, 11))
    )
    assert mostly(np.ones(5, bool))[-1] == only_here(5, 0, 0.5)
    assert 0 == len(mostly(np.zeros(0, bool)))
