"""Planned events that bring people, of a calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import case_of
from inspections.scenes import scene
from lastgood.inspections.what_changed.planned_crowds import planned_crowd
from lastgood.inspections.what_changed.weights import PLANNED_AFTER, PLANNED_BEFORE
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, put

ONSET = START + timedelta(hours=2)
HULL = Comparison(Window(START, ONSET), Window(ONSET, ONSET + timedelta(hours=1)), given=True)
WHEN = scene(at=ONSET, low=ONSET, high=ONSET)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("title", "at", "system", "found"),
    [
        ("Black Friday newsletter", ONSET - PLANNED_BEFORE, "calendar", True),
        ("TV spot", ONSET + PLANNED_AFTER - SECOND, "calendar", True),
        ("Black Friday newsletter", ONSET - PLANNED_BEFORE - SECOND, "calendar", False),
        ("Black Friday newsletter", ONSET + PLANNED_AFTER + SECOND, "calendar", False),
        ("Team lunch", ONSET, "calendar", False),
        ("newsletter sent", ONSET, "mailer", False),  # a program's own line
    ],
)
def test_an_event_that_brings_people_began_about_the_onset(
    store: Store, title: str, at: datetime, system: str, *, found: bool
) -> None:
    """By its words and its time."""
    rows: dict[str, list[Any]] = {
        "Timestamp": [START, at],
        "ServiceName": ["shop", system],
        "ScopeName": ["", system],
        "Body": ["x", title],
    }
    put(store, LOGS, rows, "lines")

    assert found is bool(planned_crowd(case_of(store, HULL), WHEN))
