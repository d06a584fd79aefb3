"""Timing: after is out, within is full, before decays by kind and what lasts keeps a quarter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.change_timing import HALF_LIFE, LATE, timing

ONSET = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)
LOW, HIGH = ONSET - timedelta(seconds=15), ONSET + timedelta(seconds=15)


def minutes(kind: str, before: float, lasting: float = 0) -> float:
    """The weight of a change that began so many minutes before the onset and went on for some."""
    at = LOW - timedelta(minutes=before)
    return timing(kind, at, at + timedelta(minutes=lasting), LOW, HIGH).weight


def test_what_begins_after_the_onset_is_out() -> None:
    """An effect does not precede its cause."""
    found = timing("deploy", HIGH + timedelta(seconds=1), HIGH + timedelta(seconds=1), LOW, HIGH)

    assert 0 == found.weight
    assert found.after


def test_an_onset_within_a_migration_is_full() -> None:
    """It was under way."""
    assert 1 == minutes("migration", before=20, lasting=30)


@pytest.mark.parametrize(
    ("kind", "before", "weight"),
    [("flag", 3, 0.5), ("deploy", 15, 0.5), ("deploy", 600, LATE), ("cron", 60, 0)],
)
def test_weights(kind: str, before: float, weight: float) -> None:
    """Halves with the half-life of its kind; a deploy may bite late, a cron run that is over may not."""
    assert minutes(kind, before) == pytest.approx(weight, abs=0.01)


@given(st.sampled_from(sorted(HALF_LIFE)), st.floats(0, 1e4), st.floats(0, 1e4))
def test_nearer_never_weighs_less(kind: str, one: float, other: float) -> None:
    """Of two changes of one kind the nearer to the onset weighs at least as much."""
    near, far = sorted((one, other))

    assert 0 <= minutes(kind, far) <= minutes(kind, near) <= 1
