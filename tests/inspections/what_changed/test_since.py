"""Requests that were served after a change and before the onset."""

from dataclasses import replace
from datetime import timedelta
from math import ceil

import pytest

from inspections.scenes import ONSET, SCENE, change
from lastgood.inspections.what_changed.since import Since, served_since
from lastgood.inspections.what_changed.weights import (
    EXPECTED_AFFECTED,
    EXPECTED_TIMES,
    SERVED_SINCE,
    SERVED_SINCE_SOONEST,
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
    """Where as many as are enough would have failed, and a third of them or fewer did."""
    before = change("d", "deploy", 10)
    enough = 2 * int(EXPECTED_AFFECTED)
    few = int(EXPECTED_AFFECTED / EXPECTED_TIMES)

    assert [SERVED_SINCE] == [one.row for one in served_since(before, fared(enough, few), SCENE.low)]
    assert [] == served_since(before, fared(enough - 1), SCENE.low)
    assert [] == served_since(before, fared(enough, few + 1), SCENE.low)


@pytest.mark.parametrize(
    ("kind", "minutes"), [("commit", 10), ("cron", 10), ("deploy", SOONEST), ("deploy", 90)]
)
def test_it_says_nothing_of_what_is_not_timed_or_just_now(kind: str, minutes: float) -> None:
    """A commit's time is not that of its effect, a roll-out takes minutes, and before the data nothing is known."""
    assert [] == served_since(change("c", kind, minutes), fared(100), SCENE.low)


def test_requests_until_the_onset_count() -> None:
    """A step that ends with the moment before which it did not begin; one that ends later has some of the time after it."""
    before, enough = change("d", "deploy", 10), 2 * int(EXPECTED_AFFECTED)

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


def test_a_share_of_what_is_expected_is_few() -> None:
    """EXPECTED_TIMES fewer, where all fail since."""
    few = ceil(EXPECTED_AFFECTED)
    many = round(few * EXPECTED_TIMES)
    found = [
        served_since(change("d", "deploy", 10), fared(many, failures, bad=100), SCENE.low)
        for failures in (few, few + 1)
    ]

    assert [True, False] == [bool(one) for one in found]
