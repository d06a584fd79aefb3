"""Requests that were served after a change and before the onset."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inspections.scenes import ONSET, SCENE, change
from lastgood.inspections.what_changed.exposure import spared
from lastgood.inspections.what_changed.since import Since, served_since
from lastgood.inspections.what_changed.weights import (
    SERVED_SINCE,
    SERVED_SINCE_MANY,
    SERVED_SINCE_SOONEST,
    SERVED_SINCE_SURE,
)
from lastgood.inspections.what_changed.weights import SINCE_STEP as STEP

SOONEST = SERVED_SINCE_SOONEST.total_seconds() / 60


def fared(requests: int, failures: int = 0, bad: int = 50) -> list[Since]:
    """Requests ten minutes before the onset, and a hundred after it, of which so many fail."""
    start = ONSET - timedelta(minutes=10)
    return [
        Since("/a", start - timedelta(hours=1), 100, 0, bad=False),
        Since("/a", start + STEP, requests, failures, bad=False),
        Since("/a", ONSET, 100, bad, bad=True),
    ]


def test_what_was_served_since_a_change_speaks_against_it() -> None:
    """Where so few failing is not chance."""
    before = change("d", "deploy", 10)
    enough = next(n for n in range(1000) if spared(0, n / 2))

    many = SERVED_SINCE_SURE * 2
    assert [SERVED_SINCE] == [one.row for one in served_since(before, fared(enough), SCENE.low)]
    assert [SERVED_SINCE] == [one.row for one in served_since(before, fared(many - 1), SCENE.low)]
    assert [SERVED_SINCE_MANY] == [one.row for one in served_since(before, fared(many), SCENE.low)]
    assert [] == served_since(before, fared(enough - 1), SCENE.low)
    assert [] == served_since(before, fared(enough, 1), SCENE.low)


@pytest.mark.parametrize(
    ("kind", "minutes"), [("commit", 10), ("cron", 10), ("deploy", SOONEST), ("deploy", 90)]
)
def test_it_says_nothing_of_what_is_not_timed_or_just_now(kind: str, minutes: float) -> None:
    """A commit's time is not that of its effect, a roll-out takes minutes, and before the data nothing is known."""
    assert [] == served_since(change("c", kind, minutes), fared(100), SCENE.low)


def test_requests_until_the_onset_count() -> None:
    """A step that ends with the moment before which it did not begin; one that ends later has some of the time after it."""
    before, enough = change("d", "deploy", 10), 100

    def served(ends: timedelta) -> list[Since]:
        first, *_, last = fared(0)
        return [first, Since("/a", SCENE.low - STEP + ends, enough, 0, bad=False), last]

    found = [served_since(before, served(ends), SCENE.low) for ends in (timedelta(0), timedelta(seconds=1))]
    assert [True, False] == [bool(one) for one in found]


def test_a_change_at_the_first_request_is_known_from_its_start() -> None:
    """A moment before, and something may have failed unseen."""
    first = fared(0)[0].at
    changes = [
        replace(change("d", "deploy", 0), at=at, until=at) for at in (first, first - timedelta(seconds=1))
    ]

    assert [True, False] == [bool(served_since(one, fared(100), SCENE.low)) for one in changes]
