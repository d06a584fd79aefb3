"""The state before an act, on the record: telemetry as evidence, commands with their ends."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.secrets import BLOT
from lastgood.config import Config, Settings, SnapshotCommand
from lastgood.model.action import Captured, RunEnd
from lastgood.model.entry import Entry, Frozen, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.evidence import kept, rerun
from lastgood.workbench.snapshot import printed, snapshot, values_of
from lastgood.workbench.store import Store
from rooms import config_in, room_in
from scenario_language.asking import written

pytestmark = pytest.mark.slow  # whole answers, over a store each

SCENARIO = Path(__file__).parents[1] / "scenarios" / "deploy_breaks_checkout.txt"


def settings(folder: Path, *commands: SnapshotCommand) -> Config:
    """Settings with commands."""
    return replace(config_in(folder), settings=Settings(snapshot=commands))


def claims(entries: tuple[Entry, ...]) -> dict[str, int]:
    """The claims of the evidence, with its numbers."""
    return {e.payload.claim: e.sequence for e in entries if isinstance(e.payload, Frozen)}


def captured(entries: tuple[Entry, ...]) -> dict[str, Captured]:
    """What commands said, by name."""
    return {e.payload.name: e.payload for e in entries if isinstance(e.payload, Captured)}


def test_what_an_act_may_destroy_is_kept(store: Store, tmp_path: Path) -> None:
    """Signals over time, failing and working requests with their spans and lines, new kinds of lines, changes."""
    scenario = written(store, SCENARIO)
    whole = scenario.whole
    middle = whole.start + timedelta(seconds=0.7 * whole.seconds)
    comparison = Comparison(Window(whole.start, middle), Window(middle, whole.end))
    with room_in(tmp_path, now=whole.end) as room:
        room.append(Triaged("", Verdict.YES, "", comparison=comparison, services=("checkout",)))
        entries = snapshot(room, store, settings(tmp_path))
        found = claims(entries)
        requests = kept(room, found["failing and working requests"])
        spans = kept(room, found["the spans of these requests"])
        series = kept(room, found["requests, failures and latency over time"])
        again = rerun(room, store, found["changes until now"])

    failed = requests.columns.index("failed")
    assert {0, 1} == {row[failed] for row in requests.rows}
    traces = {row[requests.columns.index("trace_id")] for row in requests.rows}
    assert traces <= {row[spans.columns.index("trace_id")] for row in spans.rows}
    assert len({row[0] for row in series.rows}) > 10
    assert again.same > 0
    assert {"the slowest requests", "log lines of kinds that the good window has not"} <= set(found)
    assert {} == captured(entries)


def test_commands_run_beside_and_what_failed_is_listed(tmp_path: Path) -> None:
    """One that hangs, one that is not there, one that lacks a value, one that fails: each with its reason."""
    commands = (
        SnapshotCommand(name="pool", command=("echo", "40 of 40 in use for {service}; password=hunter2")),
        SnapshotCommand(name="hangs", command=("sleep", "30"), timeout_seconds=0.5),
        SnapshotCommand(name="absent", command=("no-such-program",)),
        SnapshotCommand(name="lacks", command=("echo", "{namespace}")),
        SnapshotCommand(name="fails", command=(sys.executable, "-c", "import sys; sys.exit('no access')")),
    )
    with room_in(tmp_path) as room:
        room.append(Triaged("", Verdict.YES, "", services=("checkout",)))
        entries = snapshot(room, None, settings(tmp_path, *commands))
        found = captured(entries)
        numbers = {e.payload.name: e.sequence for e in entries if isinstance(e.payload, Captured)}
        pool, refused, silent = (printed(room, numbers[name]) for name in ("pool", "fails", "hangs"))

        assert printed(room, 1) is None

    assert f"40 of 40 in use for checkout; password={BLOT}\n" == pool
    assert "" == silent
    assert "no access\n" == refused
    assert {
        "pool": RunEnd.EXITED,
        "hangs": RunEnd.TIMED_OUT,
        "absent": RunEnd.NOT_STARTED,
        "lacks": RunEnd.NOT_STARTED,
        "fails": RunEnd.EXITED,
        "telemetry": RunEnd.NOT_STARTED,
    } == {name: one.run.how for name, one in found.items()}
    assert "{namespace}" in found["lacks"].run.problem
    assert 1 == found["fails"].run.status
    assert "cannot be read" in found["telemetry"].run.problem


def test_an_empty_store_stops_nothing(store: Store, tmp_path: Path) -> None:
    """It is said that there was nothing."""
    with room_in(tmp_path) as room:
        found = captured(snapshot(room, store, settings(tmp_path)))

    assert "no logs, spans or metrics" in found["telemetry"].run.problem


def test_without_an_assessment_the_last_half_hour_is_kept(store: Store, tmp_path: Path) -> None:
    """No one has said yet when it was bad."""
    scenario = written(store, SCENARIO)
    with room_in(tmp_path, now=scenario.whole.end) as room:
        found = claims(snapshot(room, store, settings(tmp_path)))
        requests = kept(room, found["failing and working requests"])

        assert {"incident": "1"} == values_of(room)
    assert len(requests.rows) > 0
