"""Answers that follow from their own fields."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lastgood.model.answers import Onset
from lastgood.model.window import Comparison, Window

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_onset_without_an_end_is_ongoing() -> None:
    """Until the data show an end, it has not ended."""
    comparison = Comparison(Window(NOON - HOUR, NOON), Window(NOON, NOON + HOUR))
    onset = Onset(NOON, NOON, NOON, None, None, "errors of orders", comparison)

    assert onset.ongoing
    assert not replace(onset, ended=NOON + HOUR).ongoing
