"""Snapshot: what an act may destroy, on the record before it: telemetry as evidence, and what the team's commands say."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lastgood.config import Config, SnapshotCommand
from lastgood.errors import LastgoodError, NoDataError, UsageError
from lastgood.model.action import ActionEnded, Captured, Run, RunEnd
from lastgood.model.entry import Entry
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Reader, Rows
from lastgood.workbench.commands import filled, recorded
from lastgood.workbench.evidence import MOST_ROWS, frozen
from lastgood.workbench.room import Room
from lastgood.workbench.running import run
from lastgood.workbench.store import Store

QUESTION = "What was it like before anything was done?"
TELEMETRY = "telemetry"  # the name under which it is said that there was none
AT_ONCE = 8  # commands
SAMPLES = 10  # requests of each kind
LEAST = timedelta(minutes=30)  # looked at where nobody has said when it was bad
RUN_UP = timedelta(minutes=10)
STEPS = 240  # of a series, at most
PAST_CHANGES = timedelta(days=1)

_STEP = "toDateTime(intDiv(toUnixTimestamp(ts), {step:UInt32}) * {step:UInt32}, 'UTC')"
GOLDEN = f"""
SELECT {_STEP} AS time, service, operation, count() AS requests, countIf(failed) AS failed,
       quantiles(0.5, 0.95, 0.99)(duration_ns) AS p50_p95_p99_ns
FROM lg_requests
WHERE (service, operation) GLOBAL IN (
    SELECT service, operation FROM lg_requests GROUP BY service, operation
    ORDER BY countIf(failed) DESC, count() DESC, service, operation LIMIT 30)
GROUP BY time, service, operation ORDER BY time, service, operation LIMIT {{most:UInt32}}"""
SATURATION = f"""
SELECT {_STEP} AS time, service, instance, metric, any(unit) AS unit, avg(value) AS mean, max(value) AS highest
FROM lg_points WHERE isFinite(value)
GROUP BY time, service, instance, metric ORDER BY time, service, instance, metric LIMIT {{most:UInt32}}"""
REQUESTS = """
SELECT ts, trace_id, service, operation, failed, http_status, duration_ns, instance, version, user, attributes
FROM lg_requests WHERE phase = 'bad' AND (service, operation) GLOBAL IN (
    SELECT service, operation FROM lg_requests WHERE phase = 'bad' GROUP BY service, operation
    ORDER BY countIf(failed) DESC, sum(duration_ns) DESC, service, operation LIMIT 5)
ORDER BY failed DESC, cityHash64(trace_id, toUnixTimestamp64Nano(ts)) LIMIT {samples:UInt32} BY failed"""
SLOWEST = """
SELECT ts, trace_id, service, operation, failed, http_status, duration_ns, instance, version, user, attributes
FROM lg_requests WHERE phase = 'bad' AND duration_ns > 0 ORDER BY duration_ns DESC, ts LIMIT {samples:UInt32}"""
SPANS = """
SELECT ts, trace_id, span_id, parent_id, service, name, kind, duration_ns, failed, http_status, error_type, message,
       peer, instance, version, attributes
FROM lg_spans WHERE trace_id IN {traces:Array(String)} ORDER BY trace_id, ts, span_id LIMIT {most:UInt32}"""
LINES = """
SELECT ts, trace_id, service, level, instance, body FROM lg_lines
WHERE trace_id IN {traces:Array(String)} ORDER BY trace_id, ts, service, body LIMIT {most:UInt32}"""
PATTERNS = """
SELECT service, level, shape, countIf(phase = 'bad') AS lines, minIf(ts, phase = 'bad') AS first,
       anyIf(leftUTF8(body, 1000), phase = 'bad') AS sample
FROM lg_lines WHERE phase != '' GROUP BY service, level, shape
HAVING countIf(phase = 'good') = 0 AND lines > 0
ORDER BY level IN ('error', 'fatal') DESC, lines DESC, service, shape LIMIT 200"""
CHANGES = """
SELECT ts, until, kind, service, title, version, previous, state, actor, id, source
FROM lg_changes ORDER BY ts, id LIMIT {most:UInt32}"""


@dataclass(frozen=True, slots=True)
class _Look:
    """Where to look, and how it is asked."""

    reader: Reader
    holdings: Holdings
    comparison: Comparison

    def rows(self, sql: str, window: Window | None = None, **parameters: Any) -> Rows:
        """The rows; of the bad window with what led up to it, unless another is given."""
        bad = self.comparison.bad
        looked = window or Window(bad.start - RUN_UP, bad.end)
        bound = {"most": MOST_ROWS + 1, "samples": SAMPLES, **parameters}
        named = {name: value for name, value in bound.items() if f"{{{name}:" in sql}
        return self.reader.query(sql, named, looked, comparison=self.comparison)


def snapshot(
    room: Room, store: Store | None, config: Config, values: Mapping[str, str] | None = None
) -> tuple[Entry, ...]:
    """The entries of what was captured, and of what could not be; `values` fill the commands of the team.

    Without a store only the commands are run. No failure stops it: users are hurt, and the act must not wait.

    Raises:
        RecordFailedError: it could not be written.
    """
    given = {**values_of(room), **(values or {})}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="lastgood-snapshot") as pool:
        running = {
            one.name: pool.submit(_captured, one, given) for one in config.settings.snapshot
        }  # started first: they take longest, and what they see goes first
        entries = [room.append(one) for one in _telemetry(room, store)]
        entries += [_recorded(room, one) for one in running.values()]
    return tuple(entries)


def values_of(room: Room) -> dict[str, str]:
    """What templates may ask for of every incident: its number, and the service that is suspected or hurt most."""
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
    parts = iter(_parts(look))
    while True:
        try:
            claim, rows = next(parts)
        except StopIteration:
            return
        except LastgoodError as problem:  # and with it what builds on it
            yield _not(TELEMETRY, problem.message)
            return
        yield frozen(room.record, rows, claim, QUESTION)


def _look(room: Room, store: Store | None) -> _Look:
    if store is None:
        raise NoDataError("The telemetry of this incident cannot be read.")
    holdings, reader = store.survey()
    held = holdings.telemetry_window
    if held is None:
        raise NoDataError("There are no logs, spans or metrics.")
    said = room.incident.confirmed or room.incident.triaged
    end = min(max(room.now, held.start + timedelta(seconds=1)), held.end)
    if said and said.comparison and said.comparison.bad.start < end:
        return _Look(
            reader, holdings, Comparison(said.comparison.good, Window(said.comparison.bad.start, end))
        )
    bad = Window(end - LEAST, end)
    return _Look(reader, holdings, Comparison(Window(bad.start - LEAST, bad.start), bad))


def _parts(look: _Look) -> Iterator[tuple[str, Rows]]:
    """Claims with their rows, in the order in which they matter."""
    bad, held = look.comparison.bad, look.holdings.signals
    step = max(60, int((bad.length + RUN_UP).total_seconds() / STEPS))
    traces: list[str] = []
    if held & {Signal.SPANS, Signal.LOGS}:
        yield "requests, failures and latency over time", look.rows(GOLDEN, step=step)
        for claim, sql in (("failing and working requests", REQUESTS), ("the slowest requests", SLOWEST)):
            rows = look.rows(sql)
            traces += [trace for trace in rows.table["trace_id"].to_pylist() if trace]
            yield claim, rows
    traces = sorted(set(traces))
    if Signal.SPANS in held and traces:
        yield "the spans of these requests", look.rows(SPANS, traces=traces)
    if Signal.LOGS in held:
        if traces:
            yield "the log lines of these requests", look.rows(LINES, traces=traces)
        yield "log lines of kinds that the good window has not", look.rows(PATTERNS, look.comparison.hull)
    if Signal.METRICS in held:
        yield "metrics over time", look.rows(SATURATION, step=step)
    if Signal.CHANGES in held:
        whole = Window(look.comparison.hull.start - PAST_CHANGES, bad.end)
        yield "changes until now", look.rows(CHANGES, whole)
