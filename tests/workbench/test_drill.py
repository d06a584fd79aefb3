"""Drills: what ships, and the world of one over time."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.decoding.scenario.course import stretch, world_until
from lastgood.decoding.scenario.world import tables
from lastgood.errors import UsageError
from lastgood.model.failure import FailureKind
from lastgood.model.finding import Verdict
from lastgood.telemetry.writer import Writer
from lastgood.workbench.drill import STATE, Session, session_in, start
from lastgood.workbench.drill_list import drill_named, drills
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store

PAGED = datetime(2026, 12, 1, 23, 50, tzinfo=UTC)


def test_what_ships() -> None:
    """Thirty, on each level several, of many classes, some without an incident; each with a truth and a good run."""
    found = drills()
    classes = {one.truth.failure_class for one in found}

    assert 30 <= len(found)
    assert sorted(one.level for one in found) == [one.level for one in found]
    assert all(4 <= sum(one.level == level for one in found) for level in range(1, 6))
    assert 15 <= len(classes)
    assert classes - {""} <= {*map(str, FailureKind)}
    assert 3 <= sum(not one.truth.incident for one in found)
    assert all(
        one.good and one.chat and one.truth.cause and one.truth.explanation and one.truth.confounder
        for one in found
    )
    assert all(one.truth.mitigations for one in found if one.truth.incident)
    assert all(one.truth.change in one.scenario for one in found)
    assert all(one.good == tuple(sorted(one.good, key=lambda step: step.by)) for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["orders-fail", "a-ticket", "nightly-noise", "vouchers"])
def test_the_tools_can_find_it(name: str, store: Store) -> None:
    """The telemetry at the page confirms an incident, and none where there is none."""
    drill = drill_named(name)
    world, shift = world_until(drill.scenario, drill.page_at, PAGED, PAGED, None)
    writer = Writer(store.engine, name)
    for table, rows in tables(stretch(world, shift, None, PAGED)):
        writer.add(table, rows)
    writer.flush()
    _, findings = investigate(store, now=PAGED, only="confirm")

    wanted = Verdict.YES if drill.truth.incident else Verdict.NO
    assert wanted in {finding.verdict for finding in findings}


def test_what_is_not_there(tmp_path: Path) -> None:
    """No such drill, no session, a folder with something in it."""
    with pytest.raises(UsageError, match="no drill 'x'"):
        start("x", tmp_path, PAGED)
    with pytest.raises(UsageError, match="No drill was started"):
        session_in(tmp_path)
    for until in ("2026-12-01T23:50:00", "1026-12-01T23:50:00+00:00", "2026-12-02T23:50:00+00:00"):
        state = {"drill": "orders-fail", "paged_at": PAGED.isoformat(), "until": until}
        (tmp_path / STATE).write_text(json.dumps(state))
        with pytest.raises(UsageError, match="No drill was started"):
            session_in(tmp_path)
    with pytest.raises(UsageError, match="not an empty folder"):
        start("orders-fail", tmp_path, PAGED)
    assert Session(tmp_path, drills()[0], PAGED, PAGED).record.endswith("record.db")
