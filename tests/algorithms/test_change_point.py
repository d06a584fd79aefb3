"""Deviations are found where they are, not where they are not, and the interval holds the truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastgood.algorithms.change_point import (
    Floats,
    blocks_of,
    could_tell,
    deviation,
    intervals,
    promising,
    slope,
    split,
    step_for,
)

ALARM = np.log(1 / 200)


def counted(seed: int, share: Floats, requests: float = 40) -> tuple[Floats, Floats]:
    """Failures and requests of buckets with these failure shares."""
    chance = np.random.default_rng(seed)
    n = chance.poisson(requests, len(share))
    return chance.binomial(n, share).astype(np.float64), n.astype(np.float64)


def stretch(start: int, stop: int, inside: float, outside: float = 0.01, buckets: int = 200) -> Floats:
    """Shares with one stretch of another."""
    places = np.arange(buckets)
    return np.where((places >= start) & (places < stop), inside, outside)


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(10, 150), st.integers(8, 40))
def test_a_stretch_is_found(seed: int, start: int, length: int) -> None:
    """To within a bucket or two."""
    found = deviation(*counted(seed, stretch(start, start + length, 0.2)), share=True, rise=True)

    assert found is not None
    assert found.log_chance < ALARM
    assert abs(found.start - start) <= 2
    assert abs(found.stop - start - length) <= 2


@settings(derandomize=True)
@given(st.integers(0, 10**6))
def test_quiet_is_quiet(seed: int) -> None:
    """The chance that is claimed is kept: hardly ever beyond 1 in 200."""
    found = deviation(*counted(seed, np.full(200, 0.02)), share=True, rise=True)

    assert found is None or found.log_chance > ALARM - 3


def test_a_wandering_rate_proves_little() -> None:
    """The same excess is a deviation among coins and none in a series that swings that far by habit."""
    places = np.arange(200)
    swing = 0.05 + 0.04 * np.sin(places / 8)
    calm = deviation(*counted(1, stretch(150, 160, 0.14, 0.05)), share=True, rise=True)
    wild = deviation(*counted(1, swing), share=True, rise=True)

    assert calm is not None
    assert wild is None or wild.log_chance > calm.log_chance


def test_a_fall_is_found_as_one() -> None:
    """Traffic that stops, as a rate over seconds."""
    rate = np.where(np.arange(100) < 60, 20.0, 2.0)
    observed = np.random.default_rng(2).poisson(rate).astype(np.float64)

    found = deviation(observed, np.ones(100), share=False, rise=False)

    assert found is not None
    assert (60, 100) == (found.start, found.stop)
    assert deviation(observed, np.ones(100), share=False, rise=True) is not None  # the other end of it


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(30, 170))
def test_the_split_interval_holds_the_change(seed: int, at: int) -> None:
    """Nearly always; 95 % is what it is made for, so a margin of a few cells is allowed."""
    observed, exposure = counted(seed, stretch(at, 200, 0.5), requests=5)

    found = split(observed, exposure, 0.01, share=True, rise=True)

    assert found.low - 2 <= at <= found.high + 2
    assert found.low <= found.at <= found.high


def test_a_slope_has_a_sign() -> None:
    """Growing, falling, level."""
    n = np.full(50, 100.0)
    growing = np.linspace(1, 30, 50)

    assert slope(growing, n) > 5
    assert slope(growing[::-1], n) < -5
    assert abs(slope(np.full(50, 10.0), n)) < 1e-9
    assert 0.0 == slope(np.zeros(0), np.zeros(0))


def test_small_parts() -> None:
    """Steps are usual ones, intervals stay inside, blocks leave the rest out."""
    assert (1, 10, 300) == (step_for(60), step_for(3600), step_for(86_400))
    starts, stops = intervals(20)
    assert (starts < stops).all()
    assert 20 == stops.max()
    assert [3.0, 7.0] == blocks_of(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 2).tolist()


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.003, 0.05, 0.3]), st.booleans(), st.integers(5, 120))
@settings(max_examples=60, deadline=None)
def test_what_is_not_promising_has_no_deviation(seed: int, inside: float, rise: bool, start: int) -> None:
    """The quick look never loses what the close one would find, be it a rise or a fall."""
    series = [
        counted(seed + i, stretch(start, start + 9, inside if i else 0.02, 0.02, 130)) for i in range(3)
    ]
    observed, exposure = (np.stack(part) for part in zip(*series, strict=True))

    looked = promising(observed, exposure, share=True, rise=rise)

    for one, k, n in zip(looked, observed, exposure, strict=True):
        assert one or deviation(k, n, share=True, rise=rise) is None
        assert one or deviation(k, n, share=True, rise=rise, lasting=True) is None


def test_what_lasts_over_most_of_the_time_is_promising() -> None:
    """Two dozen error lines in the later half, none in the first: only those to the end are tried, which are few."""
    observed = np.zeros((1, 313))
    observed[0, 140:312:7] = 1.0
    seconds = np.ones((1, 313))

    found = deviation(observed[0], seconds[0], share=False, rise=True, lasting=True)

    assert found is not None
    assert found.log_chance <= -8
    assert promising(observed, seconds, share=False, rise=True).all()


def test_hardly_any_trials_are_no_measure_of_noise() -> None:
    """Two single requests failed long before: they are no bursts of a usually quiet series."""
    trials, failed = np.zeros(350), np.zeros(350)
    trials[[0, 6, *range(52, 257, 3)]] = 1.0
    failed[[0, 6]] = 1.0
    trials[258:] = 1.0
    failed[258:] = [1.0, 1.0, 0.0, 1.0] * 23

    found = deviation(failed, trials, share=True, rise=True, lasting=True)

    assert found is not None
    assert 258 == found.start
    assert found.dispersion < 4
    assert found.log_chance <= ALARM


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(10, 100))
def test_what_goes_on_is_not_what_was_before(seed: int, earlier: int) -> None:
    """One request in ten failed, long ago; now one in three does, and that alone is found as lasting."""
    shares = stretch(earlier, earlier + 20, 0.1)
    shares[-15:] = 0.3
    observed, exposure = counted(seed, shares)

    found = deviation(observed, exposure, share=True, rise=True, lasting=True)

    assert found is not None
    assert len(shares) == found.stop
    assert abs(found.start - (len(shares) - 15)) <= 2


@settings(derandomize=True)
@given(st.integers(0, 10**6), st.integers(10, 150))
def test_what_is_over_does_not_last(seed: int, start: int) -> None:
    """A stretch that ended is not found as lasting."""
    found = deviation(*counted(seed, stretch(start, start + 20, 0.2)), share=True, rise=True, lasting=True)

    assert found is None or found.log_chance > ALARM or found.start >= start + 20


def test_buckets_without_exposure_do_not_belong_to_what_follows() -> None:
    """Nothing is known of buckets 50 to 79: the deviation starts where something is."""
    exposure = np.full(100, 20.0)
    exposure[50:80] = 0.0
    observed = np.where(np.arange(100) >= 80, 10.0, 0.0)

    found = deviation(observed, exposure, share=True, rise=True)

    assert found is not None
    assert (80, 100) == (found.start, found.stop)


def test_only_series_that_could_tell_are_tries() -> None:
    """Three of five events can never be beyond chance, whatever their order; fifty of a hundred can."""
    few, many = (np.array([3.0]), np.array([5.0])), (np.array([50.0]), np.array([100.0]))

    assert 2 == could_tell([few] * 1000 + [many] * 2, ALARM)
    assert 1 == could_tell([few] * 1000, ALARM)


@pytest.mark.slow
def test_events_in_bursts_are_few_causes() -> None:
    """Three causes of thirty events each, anywhere in the second half, are seldom a deviation: at most 3 of 100 times.

    Independent events as many would always be one. Three causes can by chance lie within a few buckets of each other.
    """
    alarms = 0
    for seed in range(400):
        observed = np.zeros(200)
        observed[100 + np.random.default_rng(seed).choice(100, 3, replace=False)] = 30.0
        found = deviation(observed, np.full(200, 10.0), share=False, rise=True)
        alarms += found is not None and found.log_chance <= ALARM

    assert alarms <= 12
