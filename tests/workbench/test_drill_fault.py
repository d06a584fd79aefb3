"""From when to when the fault of an own drill lasted."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import NoDataError
from lastgood.model.window import Window
from lastgood.workbench.drill_fault import Fault, fault_of, fault_on_record
from lastgood.workbench.store import Store
from own_drills import BEGAN, OPENED, SCENARIO, SEEN_THEN, fill, own_incident

MINUTE = timedelta(minutes=1)
HEALED = OPENED + 14 * MINUTE
LAST = OPENED + 44 * MINUTE  # of the telemetry
UNENDED = replace(SEEN_THEN, ended=None)


def test_a_measured_end_is_that_of_the_record(store: Store, tmp_path: Path) -> None:
    """With the time after it, as far as there is telemetry."""
    fill(store)
    with own_incident(tmp_path) as room:
        assert Fault(Window(BEGAN, HEALED), HEALED + 30 * MINUTE) == fault_on_record(room.incident)
        assert Window(BEGAN, HEALED) == fault_of(room.incident, store).lasted


def test_a_fault_that_ended_before_it_was_resolved_ends_there(store: Store, tmp_path: Path) -> None:
    """Resolved by hand eleven minutes later: the drill would heal by itself."""
    fill(store)
    with own_incident(tmp_path, seen=UNENDED) as room:
        found = fault_of(room.incident, store)

        assert room.incident.resolved_at == fault_on_record(room.incident).lasted.end
        assert abs(found.lasted.end - HEALED) < MINUTE
        assert found.lasted.end < found.well_until == room.incident.resolved_at


def test_one_that_is_opened_days_later_is_paged_within_its_fault(store: Store, tmp_path: Path) -> None:
    """Its telemetry ends long before the page; nothing after its last row is recorded."""
    fill(store)
    with own_incident(tmp_path, seen=UNENDED, opened=OPENED + timedelta(days=2)) as room:
        found = fault_of(room.incident, store)

        assert abs(found.lasted.end - HEALED) < MINUTE
        assert LAST >= found.well_until > found.lasted.end


def test_telemetry_without_the_fault_is_refused(store: Store, tmp_path: Path) -> None:
    """None of that time, or quiet all along."""
    with own_incident(tmp_path, seen=UNENDED) as room:
        with pytest.raises(
            NoDataError, match="no telemetry of the fault, from 2026-11-20 10:30 to 11:01 UTC"
        ):
            fault_of(room.incident, store)
        fill(store, SCENARIO.replace(" then errors=40% error=KeyError at 10:30 until 10:50", ""))
        with pytest.raises(NoDataError, match="does not show the fault"):
            fault_of(room.incident, store)
