"""Timing: within is full, before decays by kind, what lasts keeps a little, and soon after may be a clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.change_timing import (
    AT_GRACE,
    GRACE,
    HALF_LIFE,
    IN_GRACE,
    LATE,
    OTHER_HALF_LIFE,
    REPORTED_AT_ONCE,
    REPORTED_HALF_LIFE,
    REPORTED_LATE,
    timing,
)

ONSET = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)
LOW, HIGH = ONSET - timedelta(seconds=15), ONSET + timedelta(seconds=15)


def minutes(kind: str, before: float, lasting: float = 0) -> float:
    """The weight of a change that began so many minutes before the onset and went on for some."""
    at = LOW - timedelta(minutes=before)
    return timing(kind, at, at + timedelta(minutes=lasting), LOW, HIGH).weight


def test_what_begins_after_the_onset_is_out() -> None:
    """An effect does not precede its cause."""
    late = HIGH + GRACE + timedelta(seconds=1)
    found = timing("deploy", late, late, LOW, HIGH)

    assert 0 == found.weight
    assert found.after


def test_clocks_differ_by_a_minute_but_reactions_are_no_causes() -> None:
    """A deploy noted half a minute late is suspected less, a scaling event then not at all."""
    late = HIGH + timedelta(seconds=30)
    deploy, scaling = (timing(kind, late, late, LOW, HIGH).weight for kind in ("deploy", "scaling"))

    assert 0.3 < deploy < 0.7
    assert 0 == scaling


def test_a_third_party_tells_of_its_trouble_late() -> None:
    """Ten minutes are usual, two hours are another incident."""
    weights = [
        timing("third_party", HIGH + timedelta(minutes=m), HIGH + timedelta(minutes=m), LOW, HIGH).weight
        for m in (10, 120)
    ]

    assert 0.4 < weights[0] < 0.8
    assert 0 == weights[1]


def test_an_onset_within_a_migration_is_full() -> None:
    """It was under way."""
    assert 1 == minutes("migration", before=20, lasting=30)


@pytest.mark.parametrize(
    ("kind", "before", "weight"),
    [("flag", 3, 0.5), ("deploy", 5, 0.5), ("deploy", 600, LATE), ("cron", 60, 0)],
)
def test_weights(kind: str, before: float, weight: float) -> None:
    """Halves with the half-life of its kind; a deploy may bite late, a cron run that is over may not."""
    assert minutes(kind, before) == pytest.approx(weight, abs=0.01)


@given(st.sampled_from(sorted(HALF_LIFE)), st.floats(0, 1e4), st.floats(0, 1e4))
def test_nearer_never_weighs_less(kind: str, one: float, other: float) -> None:
    """Of two changes of one kind the nearer to the onset weighs at least as much."""
    near, far = sorted((one, other))

    assert 0 <= minutes(kind, far) <= minutes(kind, near) <= 1


MOMENT = timedelta(microseconds=1)


def weight(kind: str, late: timedelta) -> float:
    """The weight of a change so long after the onset; before it where negative."""
    at = HIGH + late if late >= timedelta(0) else LOW + late
    return timing(kind, at, at, LOW, HIGH).weight


@pytest.mark.parametrize("kind", [*sorted(HALF_LIFE), "other"])
def test_half_is_left_after_the_half_life_of_its_kind(kind: str) -> None:
    """Each kind by its own row."""
    assert weight(kind, -HALF_LIFE.get(kind, OTHER_HALF_LIFE)) == pytest.approx(0.5)


def test_the_grace_for_clocks_falls_from_row_to_row() -> None:
    """From just after the onset to its end, and nothing beyond it."""
    assert weight("deploy", MOMENT) == pytest.approx(IN_GRACE, abs=0.001)
    assert weight("deploy", GRACE) == pytest.approx(AT_GRACE)
    assert 0 == weight("deploy", GRACE + MOMENT)


def test_the_report_of_a_third_party_weighs_by_its_rows() -> None:
    """At once, halved by its half-life, and nothing after the last of its time."""
    assert weight("third_party", MOMENT) == pytest.approx(REPORTED_AT_ONCE, abs=0.001)
    assert weight("third_party", REPORTED_HALF_LIFE) == pytest.approx(REPORTED_AT_ONCE / 2)
    assert 0 < weight("third_party", REPORTED_LATE)
    assert 0 == weight("third_party", REPORTED_LATE + MOMENT)
