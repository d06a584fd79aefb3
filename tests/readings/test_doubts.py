"""What keeps a no from being said: the weightiest reason first, the others among its limits."""

from datetime import timedelta

import numpy as np

from lastgood.inspections.onset.episodes import before_the_data
from lastgood.model.answers import Onset
from lastgood.readings.case import Case
from lastgood.readings.doubts import doubt
from lastgood.telemetry.tables import ALERTS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, put


def case_of(store: Store, share: float) -> Case:
    """The case over twenty minutes of requests of which a share fails."""
    World(seconds=1200, rate=2.0, errors=lambda t: np.full(len(t), share)).store_spans(store)
    return investigate(store, now=START + timedelta(seconds=1200), only="onset")[0]


def test_well_measured_health_leaves_no_doubt(store: Store) -> None:
    """None, where few requests fail, each with a status, and no alert fires."""
    assert doubt(case_of(store, 0.01)) is None


def test_all_reasons_are_reported(store: Store) -> None:
    """A bad share comes before an alert, which is among the limits; the evidence is of both."""
    at = START + timedelta(minutes=5)
    put(
        store, ALERTS, {"Id": ["a"], "Timestamp": [at], "EndTimestamp": [at], "Name": ["Rate"], "State": ["firing"]}, "a",
    )  # fmt: skip

    found = doubt(case_of(store, 0.2))

    assert found is not None
    assert found.outage is None
    assert "requests fail throughout the data" in found.because
    assert any("alert Rate has been firing" in limit for limit in found.limits)
    assert 2 == len(found.evidence)


def test_an_outage_without_a_past_started_before_the_data(store: Store) -> None:
    """Its onset is the start of the data, with no lower end and nothing to compare."""
    case = case_of(store, 0.9)
    outage = doubt(case)
    assert outage is not None

    found = before_the_data(case, outage)

    assert isinstance(found.answer, Onset)
    assert (case.window.start, None) == (found.answer.at, found.answer.comparison)
    assert "it started before 2026-11-22 14:00:0" in found.because
