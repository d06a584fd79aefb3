"""Answers that succeed with nothing in them keep "no" from being said."""

from datetime import timedelta

import numpy as np
import pytest

from lastgood.readings.doubts.emptied import EMPTIED_LEFT, emptied
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

LINES, SECONDS = 2400, 1.5
LATE = 1600  # the request from which on it is otherwise


def said(store: Store, before: float, after: float, operation: str = "/offers") -> str:
    """What is said of an hour of requests of which such shares are answered with content; empty when nothing is."""
    random = np.random.default_rng(5)
    given = random.random(LINES) < np.where(np.arange(LINES) < LATE, before, after)
    attributes = [
        {"http.request.method": "POST", "url.path": operation, "http.response.status_code": "200" if content else "204"}
        for content in given
    ]  # fmt: skip
    put(
        store, LOGS,
        {
            "Timestamp": nanoseconds(np.arange(LINES) * SECONDS), "ServiceName": ["auction"] * LINES,
            "Body": [f"POST {operation}"] * LINES, "LogAttributes": attributes,
        },
        "lines",
    )  # fmt: skip
    finding = emptied(investigate(store, now=START + timedelta(hours=1), only="onset")[0])
    assert finding is None or finding.outage is None
    return finding.because if finding else ""


def test_far_fewer_answers_with_content_raise_a_doubt(store: Store) -> None:
    """Both shares, the place and the time are reported."""
    because = said(store, 0.3, 0.3 * EMPTIED_LEFT / 3)

    assert "of the answers of auction" in because
    assert "have content since 14:4" in because
    assert "succeed empty (204)" in because


@pytest.mark.parametrize(("before", "after"), [(0.3, 0.3), (0.3, 0.3 * (1 + EMPTIED_LEFT) / 2), (0.06, 0.3)])
def test_as_many_or_more_are_none(store: Store, before: float, after: float) -> None:
    """The same share, one that is hardly less, and one that rises."""
    assert "" == said(store, before, after)
