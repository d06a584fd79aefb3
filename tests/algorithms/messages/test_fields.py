"""The fields that an update must have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lastgood.algorithms.messages.fields import field_flaws
from lastgood.model.message import Audience, Facts, FlawKind, Message, UpdateStatus

NOW = datetime(2026, 11, 24, 15, 16, tzinfo=UTC)
WHOLE = Message(
    UpdateStatus.INVESTIGATING,
    Audience.TEAM,
    impact="5 % of checkouts fail since 14:45 UTC",
    next_at=NOW + timedelta(minutes=30),
)


def kinds(message: Message) -> list[FlawKind]:
    return [flaw.kind for flaw in field_flaws(message, Facts(NOW), timedelta(minutes=30))]


def test_nothing_is_wrong_with_a_whole_one() -> None:
    """An impact in numbers, the next one in time."""
    assert [] == kinds(WHOLE)


@pytest.mark.parametrize("impact", ["", "  ", "a lot is broken"])
def test_an_impact_needs_a_number(impact: str) -> None:
    """Empty, or words."""
    assert [FlawKind.NO_IMPACT] == kinds(replace(WHOLE, impact=impact))


@pytest.mark.parametrize(
    "impact", ["none so far", "not known: no data", "nobody can log in", "every request fails"]
)
def test_none_all_and_not_known_are_measures(impact: str) -> None:
    """Said in words."""
    assert [] == kinds(replace(WHOLE, impact=impact))


@pytest.mark.parametrize("minutes", [None, 0, -5, 36])
def test_the_next_update_is_ahead_and_in_time(minutes: int | None) -> None:
    """Missing, now, past, later than the severity allows; the better one is by when."""
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    (flaw,) = field_flaws(replace(WHOLE, next_at=at), Facts(NOW), timedelta(minutes=30))

    assert (FlawKind.NO_TIME, "Next update: 15:46 UTC.") == (flaw.kind, flaw.better)


def test_what_is_over_has_no_next_one() -> None:
    """Resolved."""
    assert [] == kinds(replace(WHOLE, status=UpdateStatus.RESOLVED, next_at=None))
