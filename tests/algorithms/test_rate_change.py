"""Changes of rate over many counted things."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.rate_change import Counted, RateChange, rate_changes

RATIO = 15 / 150


def _counted(before: float, inside: float, seed: int = 1) -> Counted:
    """Poisson counts at so many a bucket, 150 buckets before and 15 inside."""
    chance = np.random.default_rng(seed)
    reference, window = chance.poisson(before, 150).astype(float), chance.poisson(inside, 15).astype(float)
    return Counted(int(reference.sum()), int(window.sum()), reference, window)


@pytest.mark.parametrize(
    ("before", "inside", "change"),
    [
        (0.0, 3.0, RateChange.NEW),
        (4.0, 12.0, RateChange.MORE),
        (9.0, 0.0, RateChange.GONE),
        (40.0, 20.0, RateChange.LESS),
        (6.0, 6.0, RateChange.USUAL),
        (0.02, 0.0, RateChange.TOO_FEW),
    ],
)
def test_each_change_is_reported(before: float, inside: float, change: RateChange) -> None:
    """A rate before, a rate inside, and what that is called."""
    (judged,) = rate_changes([_counted(before, inside)], RATIO)
    assert change is judged.change


def test_the_strength_of_a_new_thing_is_against_what_zero_allows() -> None:
    """Zero in ten windows allows 0.3 a window: six lines are twenty times that."""
    (judged,) = rate_changes([Counted(0, 6, np.zeros(150), np.ones(15))], RATIO)
    assert 20 == pytest.approx(judged.strength)
    assert 0 == judged.expected


def test_a_large_change_of_short_windows_is_too_few_to_tell() -> None:
    """Seven buckets are not tested, however different."""
    (judged,) = rate_changes([Counted(70, 700, np.ones(70), np.full(7, 100.0))], 0.1)
    assert RateChange.TOO_FEW is judged.change


def test_many_quiet_things_rarely_alarm() -> None:
    """Of 600 bursty things at a steady rate, at most a handful are called changed."""
    chance = np.random.default_rng(7)
    things = []
    for _ in range(600):
        counts = chance.negative_binomial(2, 0.2, 165).astype(float)
        things.append(Counted(int(counts[:150].sum()), int(counts[150:].sum()), counts[:150], counts[150:]))
    changed = [
        j for j in rate_changes(things, RATIO) if j.change not in {RateChange.USUAL, RateChange.TOO_FEW}
    ]
    assert len(changed) <= 3


@given(st.lists(st.lists(st.integers(0, 5), min_size=24, max_size=24), max_size=8))
def test_any_counts_are_judged(rows: list[list[int]]) -> None:
    """One judgement a thing, with a certainty that is one."""
    things = [
        Counted(sum(row[:16]), sum(row[16:]), np.array(row[:16], float), np.array(row[16:], float))
        for row in rows
    ]
    judged = rate_changes(things, 0.5)
    assert len(rows) == len(judged)
    assert all(0 <= judgement.sure <= 1 for judgement in judged)
