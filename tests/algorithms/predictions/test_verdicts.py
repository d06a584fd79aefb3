"""Verdicts: only where the whole interval is on one side, and no two rules right at once."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.predictions.estimates import Estimate
from lastgood.algorithms.predictions.expression import Kind, Limit, Trend
from lastgood.algorithms.predictions.verdicts import (
    Course,
    after,
    against_baseline,
    against_limit,
    course_of,
)
from lastgood.model.prediction import Outcome

ESTIMATES = st.tuples(st.floats(0, 100), st.floats(0, 10), st.floats(0, 10)).map(
    lambda t: Estimate(t[0] + t[1], t[0], t[0] + t[1] + t[2], 100)
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def estimate(value: float, low: float, high: float, rests_on: int = 1000, enough: int = 20) -> Estimate:
    """A number with its interval."""
    return Estimate(value, low, high, rests_on, enough)


@pytest.mark.parametrize(
    ("outcome", "sign", "low", "high"),
    [
        (Outcome.SUPPORTED, ">", 0.51, 0.6),
        (Outcome.REFUTED, ">", 0.4, 0.5),
        (Outcome.INCONCLUSIVE, ">", 0.4, 0.6),
        (Outcome.SUPPORTED, ">=", 0.5, 0.6),
        (Outcome.REFUTED, ">=", 0.4, 0.49),
        (Outcome.SUPPORTED, "<", 0.4, 0.49),
        (Outcome.REFUTED, "<", 0.5, 0.6),
        (Outcome.SUPPORTED, "<=", 0.4, 0.5),
        (Outcome.REFUTED, "<=", 0.51, 0.6),
    ],
)
def test_a_limit(outcome: Outcome, sign: str, low: float, high: float) -> None:
    """All of it passes, all of it fails, or neither."""
    assert (
        outcome
        is against_limit(estimate((low + high) / 2, low, high), Limit(sign, 50, "%"), Kind.SHARE).outcome
    )


def test_too_few_say_how_many_are_needed() -> None:
    """Below the least, the least; where the interval straddles, about as many as shrink it to fit."""
    few = against_limit(estimate(1, 0.7, 1, rests_on=9), Limit(">", 50, "%"), Kind.SHARE)
    wide = against_limit(estimate(0.6, 0.4, 0.8, rests_on=25), Limit(">", 50, "%"), Kind.SHARE)
    never = against_limit(estimate(0.5001, 0.3, 0.7, rests_on=25), Limit(">", 50, "%"), Kind.SHARE)

    assert (Outcome.INCONCLUSIVE, 20) == (few.outcome, few.needed)
    assert (Outcome.INCONCLUSIVE, 100) == (wide.outcome, wide.needed)
    assert (Outcome.INCONCLUSIVE, None) == (never.outcome, never.needed)


@pytest.mark.parametrize(
    ("course", "now", "before", "kind"),
    [
        (Course.RISEN, estimate(0.05, 0.04, 0.06), estimate(0.002, 0.001, 0.004), Kind.SHARE),
        (Course.FALLEN, estimate(0.001, 0.0, 0.003), estimate(0.05, 0.04, 0.06), Kind.SHARE),
        (Course.STAYED, estimate(0.003, 0.001, 0.005), estimate(0.002, 0.001, 0.004), Kind.SHARE),
        (Course.UNDECIDED, estimate(0.01, 0.0, 0.08), estimate(0.002, 0.001, 0.004), Kind.SHARE),
        # Far beyond chance and yet nothing that matters; and five times as much, though it is less than a point.
        (Course.STAYED, estimate(0.1203, 0.1202, 0.1204), estimate(0.12, 0.1199, 0.1201), Kind.SHARE),
        (Course.RISEN, estimate(0.005, 0.0045, 0.0055), estimate(0.001, 0.0008, 0.0012), Kind.SHARE),
        (Course.STAYED, estimate(0.11, 0.105, 0.115), estimate(0.1, 0.098, 0.102), Kind.SECONDS),
        (Course.RISEN, estimate(0.2, 0.19, 0.21), estimate(0.1, 0.098, 0.102), Kind.SECONDS),
        (Course.RISEN, estimate(inf, 30, inf), estimate(1, 0.5, 2), Kind.FACTOR),
        (Course.FALLEN, estimate(1, 0.5, 2), estimate(inf, 30, inf), Kind.FACTOR),
        (Course.UNDECIDED, estimate(inf, 1, inf), estimate(1, 0.5, 2), Kind.FACTOR),
    ],
)  # fmt: skip
def test_the_course_of_a_quantity(course: Course, now: Estimate, before: Estimate, kind: Kind) -> None:
    """More than chance and enough to matter, or shown to be too little to matter, or undecided."""
    assert course is course_of(now, before, kind)


def test_a_metric_has_a_floor() -> None:
    """What is too little for the metric is no rise, however sure."""
    now, before = estimate(0.12, 0.119, 0.121), estimate(0.05, 0.049, 0.051)

    assert Course.RISEN is course_of(now, before, Kind.AMOUNT)
    assert Course.STAYED is course_of(now, before, Kind.AMOUNT, floor=0.15)


@given(ESTIMATES, ESTIMATES, st.sampled_from([k for k in Kind if k is not Kind.PEOPLE]))
def test_no_two_trends_are_right_at_once(now: Estimate, before: Estimate, kind: Kind) -> None:
    """One is supported and the others are refuted, or all are inconclusive."""
    outcomes = sorted(against_baseline(now, before, trend, kind).outcome for trend in Trend)

    assert outcomes in (
        [Outcome.REFUTED, Outcome.REFUTED, Outcome.SUPPORTED],
        [Outcome.INCONCLUSIVE] * 3,
    )


def test_a_comparison_needs_both_sides() -> None:
    """Too few before are too few."""
    judged = against_baseline(estimate(0.5, 0.4, 0.6), estimate(0, 0, 1, rests_on=3), Trend.RISES, Kind.SHARE)

    assert (Outcome.INCONCLUSIVE, 20) == (judged.outcome, judged.needed)


@pytest.mark.parametrize(
    ("outcome", "minutes"), [(Outcome.SUPPORTED, -1), (Outcome.INCONCLUSIVE, 1), (Outcome.REFUTED, 3)]
)
def test_an_onset_is_an_interval(outcome: Outcome, minutes: int) -> None:
    """A moment within it decides nothing."""
    judged = after(NOON + timedelta(minutes=minutes), NOON, NOON + timedelta(minutes=2))

    assert outcome is judged.outcome
