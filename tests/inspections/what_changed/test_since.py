"""Requests that were served after a change and before the onset."""

from datetime import timedelta

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
