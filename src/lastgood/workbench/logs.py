"""Logs: the lines that a query finds, their counts over time, and those that come in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from lastgood.errors import NoDataError
from lastgood.model.clock import Clock, to_nanoseconds
from lastgood.model.evidence import Provenance
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Window
from lastgood.readings.patterns import read_patterns
from lastgood.telemetry.logfilter import LogFilter, log_filter
from lastgood.telemetry.reader import Reader, Rows
from lastgood.workbench.known import check_query, check_services
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut

# Lines may come in a little after their time; a follower looks back so far on every look.
LATE = timedelta(seconds=10)
MOST_AT_ONCE = 10_000

_LEVELS = ("", "trace", "debug", "info", "warn", "error", "fatal")
_COLUMNS = "ts, service, level, body, trace_id, instance, attributes, resource"
_NEWEST = (
    "SELECT {columns} FROM lg_lines WHERE {filter} ORDER BY ts DESC, service, body LIMIT {{most:UInt64}}"
)
_COUNT = "SELECT count() AS lines, countIf({filter}) AS matched FROM lg_lines"
_AROUND = """
SELECT {columns}, matches FROM (
    SELECT *, {filter} AS matches,
           max(matches) OVER (PARTITION BY service, instance ORDER BY ts
                              ROWS BETWEEN {{around:UInt32}} PRECEDING AND {{around:UInt32}} FOLLOWING) AS near
    FROM lg_lines
) WHERE near ORDER BY ts DESC, service, body LIMIT {{most:UInt64}}"""
_HISTOGRAM = """
SELECT intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket, level, count() AS lines
FROM lg_lines WHERE {filter} GROUP BY bucket, level ORDER BY bucket, level"""

_SHAPES = """
SELECT service, shape, count() AS lines, min(ts) AS first, max(ts) AS last, argMin(body, (ts, body)) AS sample,
       argMax(level, severity) AS worst
FROM lg_lines WHERE {filter} GROUP BY service, shape"""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One log event; `matched` is False for a line shown around one that did."""

    time: datetime
    service: str
    level: str
    body: str
    trace_id: str
    instance: str
    attributes: Mapping[str, str]
    resource: Mapping[str, str]
    matched: bool = True


@dataclass(frozen=True, slots=True)
class LogsFound:
    """The newest lines that a query finds, oldest first, and how many there are."""

    lines: tuple[LogLine, ...]
    matched: int
    searched: int  # lines in the window; 0 is another answer than no match
    window: Window
    provenance: Provenance

    @property
    def cut_off(self) -> bool:
        """Whether more lines match than are given."""
        return self.matched > sum(line.matched for line in self.lines)


@dataclass(frozen=True, slots=True)
class LogHistogram:
    """Matching lines per bucket of time, by level."""

    start: datetime
    step: timedelta
    counts: tuple[Mapping[str, int], ...]
    searched: int


@dataclass(frozen=True, slots=True)
class LogPattern:
    """The matching lines of one pattern."""

    pattern_id: str
    template: str
    service: str
    level: str  # the worst of its lines
    count: int
    first: datetime
    last: datetime
    sample: str


@dataclass(frozen=True, slots=True)
class PatternsFound:
    """The most frequent patterns among the lines that a query finds, and how many there are."""

    patterns: tuple[LogPattern, ...]
    total: int
    searched: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A log query as it is put: its text, the time it is asked at, and where to look."""

    query: str
    now: datetime
    zone: tzinfo
    window: Window | None = None
    scope: Scope = field(default_factory=Scope)

    @property
    def filter(self) -> LogFilter:
        """The query as SQL."""
        return log_filter(self.query, now=self.now, zone=self.zone)


def search(store: Store, asked: Asked, *, limit: int, around: int = 0) -> LogsFound:
    """The newest lines that match, with `around` lines of the same instance before and after each.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
        UsageError: there is nothing of a service asked about.
        NoDataError: there are no logs at all.
    """
    chosen = asked.filter
    holdings, reader = store.survey()
    window = _window(holdings, asked)
    _check(asked, chosen, holdings, reader)
    sql = _AROUND if around else _NEWEST
    bound = {**chosen.parameters, "most": limit} | ({"around": around} if around else {})
    rows = _run(reader, sql, chosen, bound, window, asked.scope)
    searched, matched = _counts(reader, chosen, window, asked.scope)
    lines = tuple(_line(row) for row in reversed(rows.dicts()))
    return LogsFound(lines, matched, searched, window, rows.provenance)


def histogram(store: Store, asked: Asked, *, buckets: int) -> LogHistogram:
    """The counts of matching lines in equal stretches of the window.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
        UsageError: there is nothing of a service asked about.
        NoDataError: there are no logs at all.
    """
    chosen = asked.filter
    holdings, reader = store.survey()
    window = _window(holdings, asked)
    _check(asked, chosen, holdings, reader)
    step = max(1, round(window.seconds / buckets))
    bound = {**chosen.parameters, "step_ns": step * 1_000_000_000}
    rows = _run(reader, _HISTOGRAM, chosen, bound, window, asked.scope).dicts()
    counts: list[dict[str, int]] = [{} for _ in range(int(window.seconds / step) + 1)]
    for row in rows:
        counts[row["bucket"]][row["level"]] = row["lines"]
    searched, _ = _counts(reader, chosen, window, asked.scope)
    return LogHistogram(window.start, timedelta(seconds=step), tuple(counts), searched)


def patterns_of(store: Store, asked: Asked, *, limit: int) -> PatternsFound:
    """The patterns of the matching lines, the most frequent first.

    Raises:
        QuerySyntaxError: the query cannot be parsed, or names a field or service that nothing has.
        UsageError: there is nothing of a service asked about.
        NoDataError: there are no logs at all.
    """
    chosen = asked.filter
    holdings, reader = store.survey()
    window = _window(holdings, asked)
    _check(asked, chosen, holdings, reader)
    rows = _run(reader, _SHAPES, chosen, chosen.parameters, window, asked.scope).dicts()

    def query(sql: str, /, **parameters: object) -> Rows:
        return reader.query(sql, parameters, window)

    known = read_patterns(query, [(row["service"], row["shape"]) for row in rows])
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        pattern = known.of(row["service"], row["shape"]) or f"shape-{row['shape']:x}"
        grouped.setdefault((row["service"], pattern), []).append(row)
    ranked = sorted(grouped.items(), key=lambda item: (-sum(row["lines"] for row in item[1]), item[0]))
    templates = known.templates([key for key, _ in ranked[:limit]])
    searched, _ = _counts(reader, chosen, window, asked.scope)
    patterns = tuple(_pattern(key, templates.get(key, ""), rows) for key, rows in ranked[:limit])
    return PatternsFound(patterns, len(ranked), searched)


def _pattern(key: tuple[str, str], template: str, rows: list[dict[str, Any]]) -> LogPattern:
    first = min(rows, key=lambda row: row["first"])
    worst = max((row["worst"] for row in rows), key=_LEVELS.index)
    return LogPattern(
        pattern_id=key[1],
        template=template or first["sample"],
        service=key[0],
        level=worst,
        count=sum(row["lines"] for row in rows),
        first=first["first"],
        last=max(row["last"] for row in rows),
        sample=first["sample"],
    )


def follow(
    store: Store, asked: Asked, *, clock: Clock, wait: Callable[[], None], refresh: Callable[[], None]
) -> Iterator[LogLine]:
    """Matching lines as they come in, each once; runs until the caller stops.

    What is there already is given only when the window says from when. `refresh` brings new input in
    before each look, `wait` sleeps after one.

    Raises:
        QuerySyntaxError: the query cannot be parsed.
    """
    chosen = asked.filter
    since = asked.window.start if asked.window else None
    shown = since is not None
    seen: set[tuple[int, str, str]] = set()
    while True:
        refresh()
        held, reader = store.survey()
        lines = held.of(Signal.LOGS)
        if lines is not None and lines.window is not None:
            since = since or lines.window.end - LATE
            window = Window(since, max(clock(), lines.window.end) + LATE)
            bound = {**chosen.parameters, "most": MOST_AT_ONCE}
            for row in reversed(_run(reader, _NEWEST, chosen, bound, window, asked.scope).dicts()):
                line = _line(row)
                key = (to_nanoseconds(line.time), line.service, line.body)
                if key not in seen:
                    seen.add(key)
                    if shown:
                        yield line
            since = max(since, lines.window.end - LATE)
            seen = {key for key in seen if key[0] >= to_nanoseconds(since)}
        shown = True
        wait()


def _window(holdings: Holdings, asked: Asked) -> Window:
    held = holdings.of(Signal.LOGS)
    if held is None or held.window is None:
        raise NoDataError("There are no logs to search.", hint="Load some: lastgood load PATH…")
    if asked.window is None or not held.window.overlaps(asked.window):
        return asked.window or held.window
    return cut(asked.window, held.window, asked.now)


def _check(asked: Asked, chosen: LogFilter, holdings: Holdings, reader: Reader) -> None:
    check_services(asked.scope.services, holdings)
    check_query(asked.query, chosen, holdings, reader)


def _run(
    reader: Reader, sql: str, chosen: LogFilter, bound: Mapping[str, Any], window: Window, scope: Scope
) -> Rows:
    return reader.query(sql.format(columns=_COLUMNS, filter=chosen.sql), bound, window, scope=scope)


def _counts(reader: Reader, chosen: LogFilter, window: Window, scope: Scope) -> tuple[int, int]:
    row = _run(reader, _COUNT, chosen, chosen.parameters, window, scope).dicts()[0]
    return row["lines"], row["matched"]


def _line(row: Mapping[str, Any]) -> LogLine:
    return LogLine(
        row["ts"],
        row["service"],
        row["level"],
        row["body"],
        row["trace_id"],
        row["instance"],
        row["attributes"],
        row["resource"],
        bool(row.get("matches", True)),
    )
