"""Snapshot: what an act may destroy, on the record before it: telemetry as evidence, and what the team's commands say."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from lastgood.config import Config, SnapshotCommand
from lastgood.errors import LastgoodError, NoDataError, UsageError
from lastgood.model.action import ActionEnded, Captured, Run, RunEnd
from lastgood.model.entry import Entry
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.scene import Look, parts
from lastgood.workbench.commands import filled, recorded
from lastgood.workbench.evidence import MOST_ROWS, frozen
from lastgood.workbench.room import Room
from lastgood.workbench.running import run
from lastgood.workbench.store import Store

QUESTION = "What was it like before anything was done?"
TELEMETRY = "telemetry"  # the name under which it is said that there was none
TABLES_AT_ONCE = 8  # commands
SNAPSHOT_LEAST = timedelta(minutes=30)  # looked at where the bad window is not given


def snapshot(
    room: Room, store: Store | None, config: Config, values: Mapping[str, str] | None = None
) -> tuple[Entry, ...]:
    """The entries of what was captured, and of what could not be; `values` fill the commands of the team.

    Without a store only the commands are run. No failure stops it: users are affected, and the act must not wait.

    Raises:
        RecordFailedError: it could not be written.
    """
    given = {**values_of(room), **(values or {})}
    with ThreadPoolExecutor(TABLES_AT_ONCE, thread_name_prefix="lastgood-snapshot") as pool:
        running = {
            one.name: pool.submit(_captured, one, given) for one in config.settings.snapshot
        }  # started first: they take longest, and what they see goes first
        entries = [room.append(one) for one in _telemetry(room, store)]
        entries += [_recorded(room, one) for one in running.values()]
    return tuple(entries)


def to_run(
    room: Room, config: Config, values: Mapping[str, str] | None = None
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What `snapshot` would run: the name, the command, and why it would not be run; nothing is run."""
    given = {**values_of(room), **(values or {})}
    for one in config.settings.snapshot:
        try:
            yield one.name, recorded(one.command, given, f"the snapshot {one.name}"), ""
        except UsageError as problem:
            yield one.name, one.command, problem.message


def values_of(room: Room) -> dict[str, str]:
    """What templates may ask for of every incident: its number, and the service that is suspected or affected most."""
    said = room.incident.confirmed or room.incident.triaged
    named = [c.service for c in said.culprits] + list(said.services) if said else []
    return {"incident": str(room.number), **({"service": named[0]} if named else {})}


def printed(room: Room, sequence: int) -> str | None:
    """What the command of an entry printed; None for an entry of no command."""
    for entry in room.entries:
        if entry.sequence == sequence and isinstance(entry.payload, Captured | ActionEnded):
            return room.record.kept(entry.payload.content).decode() if entry.payload.content else ""
    return None


def _captured(one: SnapshotCommand, values: Mapping[str, str]) -> tuple[Captured, str]:
    what = f"the snapshot {one.name}"
    try:
        command = filled(one.command, values, what)
        shown = recorded(one.command, values, what)
    except UsageError as problem:
        return _not(one.name, f"{problem.message} {problem.hint}".strip(), one.command), ""
    ended, output, _ = run(command, seconds=one.timeout_seconds, environment=one.environment)
    return Captured(one.name, shown, ended, None), output


def _recorded(room: Room, one: "Future[tuple[Captured, str]]") -> Entry:
    captured, output = one.result()
    content = room.record.keep(output.encode()) if output else None
    return room.append(Captured(captured.name, captured.command, captured.run, content))


def _not(name: str, problem: str, command: tuple[str, ...] = ()) -> Captured:
    return Captured(
        name, command, Run(RunEnd.NOT_STARTED, None, 0.0, 0, cut_off=False, problem=problem), None
    )


def _telemetry(room: Room, store: Store | None) -> Iterator[Any]:
    """The payloads of everything that telemetry shows, and of each part that it could not."""
    try:
        look = _look(room, store)
    except LastgoodError as problem:
        yield _not(TELEMETRY, problem.message)
        return
    found = parts(look)
    while True:
        try:
            claim, rows = next(found)
        except StopIteration:
            return
        except LastgoodError as problem:  # and with it what builds on it
            yield _not(TELEMETRY, problem.message)
            return
        yield frozen(room.record, rows, claim, QUESTION)


def _look(room: Room, store: Store | None) -> Look:
    if store is None:
        raise NoDataError("The telemetry of this incident cannot be read.")
    holdings, reader = store.survey()
    held = holdings.telemetry_window
    if held is None:
        raise NoDataError("There are no logs, spans or metrics.")
    said = room.incident.confirmed or room.incident.triaged
    end = min(max(room.now, held.start + timedelta(seconds=1)), held.end)
    if said and said.comparison and said.comparison.bad.start < end:
        comparison = Comparison(said.comparison.good, Window(said.comparison.bad.start, end))
        return Look(reader, holdings, comparison, MOST_ROWS + 1)
    bad = Window(end - SNAPSHOT_LEAST, end)
    return Look(
        reader, holdings, Comparison(Window(bad.start - SNAPSHOT_LEAST, bad.start), bad), MOST_ROWS + 1
    )
