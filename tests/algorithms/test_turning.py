"""When a series turned: from counts whose turn is known."""

import numpy as np
import pytest

from lastgood.algorithms.turning import Floats, rate_turn, share_turn

BUCKETS = np.arange(60) + 0.5


def drawn(shares: Floats, each: float = 150.0, seed: int = 1) -> tuple[Floats, Floats]:
    """Events of so many in each bucket."""
    chance = np.random.default_rng(seed)
    of = chance.poisson(each, len(shares))
    return chance.binomial(of, shares).astype(float), of.astype(float)


@pytest.mark.parametrize("seed", range(5))
def test_a_step_is_found_where_it_is(seed: int) -> None:
    """To the bucket, when there are enough."""
    turn = share_turn(*drawn(np.where(BUCKETS < 40, 0.3, 0.005), seed=seed))

    assert turn is not None
    assert abs(turn.start - 40) <= 1
    assert turn.end - turn.start <= 1
    assert turn.low <= 40 <= turn.high


@pytest.mark.parametrize("slower", [False, True])
def test_a_gradual_fall_starts_where_it_starts(slower: bool) -> None:
    """At the same pace, or ever slower."""
    gone = 1 - np.exp(-np.maximum(BUCKETS - 20, 0) / 8) if slower else np.clip((BUCKETS - 20) / 25, 0, 1)
    turn = share_turn(*drawn(0.005 + 0.3 * (1 - gone), each=400))

    assert turn is not None
    assert turn.low <= 20 <= turn.high
    assert abs(turn.start - 20) <= 3
    assert turn.end - turn.start > 10


def test_no_turn_is_seen_where_there_is_none() -> None:
    """In steady shares and rates, rising ones, few requests, few buckets; chance may make one in a hundred."""
    flat = [share_turn(*drawn(np.full(60, 0.3), seed=seed)) for seed in range(50)]

    assert sum(turn is not None for turn in flat) <= 1
    assert share_turn(*drawn(np.where(BUCKETS < 40, 0.005, 0.3))) is None
    assert rate_turn(drawn(np.full(60, 0.5))[1]) is None
    assert share_turn(np.zeros(60), np.zeros(60)) is None
    assert share_turn(np.ones(3), np.ones(3)) is None


def test_few_events_give_a_wide_interval() -> None:
    """Which holds the turn."""
    turns = [share_turn(*drawn(np.where(BUCKETS < 40, 0.3, 0.0), each=4, seed=seed)) for seed in range(20)]
    seen = [turn for turn in turns if turn is not None]

    assert len(seen) > 10
    assert sum(turn.low <= 40 <= turn.high for turn in seen) >= 0.9 * len(seen)
    assert np.mean([turn.high - turn.low for turn in seen]) > 3


def test_a_rate_that_comes_back() -> None:
    """Counts alone."""
    chance = np.random.default_rng(3)
    turn = rate_turn(chance.poisson(np.where(BUCKETS < 30, 20.0, 100.0)).astype(float))

    assert turn is not None
    assert abs(turn.start - 30) <= 1
