"""Effects of actions, judged on counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.effect import served_effect, share_effect, traffic_effect, wavering
from lastgood.model.action import Effect, Tally

GOOD, BAD = Tally(20, 10_000, 3600), Tally(600, 2000, 720)


@pytest.mark.parametrize(
    ("after", "effect"),
    [
        (Tally(2, 1000, 360), Effect.RECOVERED),
        (Tally(0, 300, 100), Effect.RECOVERED),
        (Tally(150, 1000, 360), Effect.IMPROVING),  # half of the harm is gone
        (Tally(30, 1000, 360), Effect.IMPROVING),  # nine tenths of it
        (Tally(300, 1000, 360), Effect.NO_EFFECT),
        (Tally(600, 1000, 360), Effect.WORSE),
        (Tally(0, 6, 2), Effect.TOO_EARLY),
        (Tally(2, 12, 4), Effect.TOO_EARLY),
        (Tally(0, 0, 60), Effect.TOO_EARLY),
    ],
)
def test_each_effect_has_its_counts(after: Tally, effect: Effect) -> None:
    """Of thirty percent that failed, instead of a fifth of a percent."""
    assert effect is share_effect(GOOD, BAD, after).effect


def test_harm_that_stays_is_no_effect_though_there_was_little_time_before() -> None:
    """Acted upon at once: what was before is hardly known, what is now is."""
    short = Tally(6, 20, 10)

    assert Effect.NO_EFFECT is share_effect(GOOD, short, Tally(300, 1000, 360)).effect
    assert (Effect.NO_DATA, None) == (
        (hazy := share_effect(GOOD, Tally(2, 6, 3), Tally(120, 1000, 360))).effect, hazy.needed,
    )  # fmt: skip
    assert (
        Effect.NO_EFFECT
        is share_effect(Tally(6, 3021, 2655), Tally(46, 889, 878), Tally(61, 1055, 890)).effect
    )


def test_how_many_it_takes_is_said() -> None:
    """And is enough, if they go on as they do."""
    early = share_effect(GOOD, BAD, Tally(0, 6, 2))
    assert early.needed is not None
    assert Effect.IMPROVING is share_effect(GOOD, BAD, Tally(0, early.needed, 20)).effect

    nearly = share_effect(GOOD, BAD, Tally(0, 60, 20))
    assert (Effect.IMPROVING, True) == (nearly.effect, nearly.needed is not None)
    assert Effect.RECOVERED is share_effect(GOOD, BAD, Tally(0, nearly.needed or 0, 90)).effect


def test_a_small_harm_takes_many_requests() -> None:
    """What was hardly to be seen is not quickly seen to be gone."""
    good, bad = Tally(20, 10_000, 3600), Tally(60, 10_000, 3600)
    judged = share_effect(good, bad, Tally(1, 500, 180))

    assert judged.effect is not Effect.RECOVERED
    assert (judged.needed or 0) > 2000


def test_wavering_is_measured_beyond_chance() -> None:
    """A third of the share, from minute to minute; none of counts that chance alone made; 0 of too few."""
    chance = np.random.default_rng(3)
    of = np.full(200, 1200.0)
    steady = chance.binomial(1200, 0.3, 200).astype(float)
    uneven = chance.binomial(1200, np.clip(chance.normal(0.3, 0.1, 200), 0, 1)).astype(float)

    assert wavering((steady, of)) < 0.02
    assert 0.28 < wavering((uneven, of)) < 0.4
    assert 0.0 == wavering((uneven[:3], of[:3])) == wavering()


def test_what_wavers_takes_longer_to_tell() -> None:
    """The same counts that are clearly better, or worse, are not when each minute has a share of its own."""
    before, after = Tally(3600, 12_000, 600), Tally(3000, 12_000, 600)

    assert Effect.IMPROVING is share_effect(GOOD, before, after).effect
    assert share_effect(GOOD, before, after, waver=0.4).effect is not Effect.IMPROVING
    assert Effect.RECOVERED is share_effect(GOOD, before, Tally(24, 12_000, 600), waver=0.4).effect


def test_without_a_baseline_back_means_that_hardly_any_fail() -> None:
    """Whatever was usual: a tenth of those who were affected is too many."""
    assert Effect.RECOVERED is share_effect(Tally(0, 0, 0), BAD, Tally(0, 1000, 360)).effect
    assert Effect.IMPROVING is share_effect(Tally(0, 0, 0), BAD, Tally(30, 1000, 360)).effect


@pytest.mark.parametrize(
    ("after", "effect"),
    [
        (Tally(0, 950, 360), Effect.RECOVERED),
        (Tally(0, 500, 360), Effect.IMPROVING),
        (Tally(0, 205, 360), Effect.NO_EFFECT),
        (Tally(0, 60, 360), Effect.WORSE),
        (Tally(0, 3, 4), Effect.TOO_EARLY),
    ],
)
def test_traffic_that_was_lost_is_judged_by_its_rate(after: Tally, effect: Effect) -> None:
    """A fifth was left of it."""
    assert effect is traffic_effect(GOOD, Tally(0, 400, 720), after).effect


@pytest.mark.parametrize(
    ("after", "effect"),
    [
        (Tally(0, 100, 360), Effect.WORSE),  # none fails, and hardly anyone is served
        (Tally(0, 1000, 360), Effect.IMPROVING),
        (Tally(20, 720, 360), Effect.NO_EFFECT),
    ],
)
def test_where_traffic_fell_those_who_are_served_count(after: Tally, effect: Effect) -> None:
    """Two requests a second were served well before."""
    assert effect is served_effect(Tally(600, 2040, 720), after).effect


@given(
    st.floats(0.05, 0.9),
    st.floats(0, 0.8),
    st.integers(20, 2000),
    st.integers(0, 2**32 - 1),
)
def test_chance_hardly_ever_makes_a_failed_fix_look_recovered(
    bad: float, left: float, n: int, seed: int
) -> None:
    """With a fifth or more of the harm left; at most one draw in 20 of each case, whatever the counts."""
    chance = np.random.default_rng(seed)
    share = 0.002 + (0.2 + left) * (bad - 0.002) if left else 0.002 + 0.2 * (bad - 0.002)
    before = Tally(int(bad * 3000), 3000, 600)
    drawn = chance.binomial(n, min(share, 1.0), 200)
    recovered = sum(
        share_effect(GOOD, before, Tally(int(k), n, 600)).effect is Effect.RECOVERED for k in set(drawn.tolist())
        for _ in range(int((drawn == k).sum()))
    )  # fmt: skip

    assert recovered <= 10


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 50), st.integers(1, 2000))
def test_every_count_has_an_effect_and_a_finite_need(k: int, n: int, g: int, m: int) -> None:
    """However odd."""
    judged = share_effect(Tally(min(g, m), m, 60), BAD, Tally(min(k, n), n, 60))

    assert judged.low <= judged.high
    assert judged.needed is None or judged.needed > n
