"""Lines: the log lines that a filter finds, their number, their levels over time and their patterns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lastgood.model.evidence import Provenance
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.readings.patterns import read_patterns
from lastgood.telemetry.logfilter import LogFilter
from lastgood.telemetry.reader import Reader, Rows

_LEVELS = ("", "trace", "debug", "info", "warn", "error", "fatal")
# How far from matching lines their neighbours are looked for first: services that write often have them there.
NEIGHBOURS_WITHIN = (timedelta(seconds=10), timedelta(minutes=10))
_COLUMNS = "ts, service, level, body, trace_id, instance, attributes, resource"
_NEWEST = (
    "SELECT {columns} FROM lg_lines WHERE {filter} ORDER BY ts DESC, service, body LIMIT {{most:UInt64}}"
)
_TOTAL = "SELECT count() AS lines FROM lg_lines"
_COUNT = "SELECT count() AS lines, countIf({filter}) AS matched FROM lg_lines"
_AROUND = """
SELECT {columns}, matches FROM (
    SELECT *, max(matches) OVER (PARTITION BY service, instance ORDER BY ts
                                 ROWS BETWEEN {{around:UInt32}} PRECEDING AND {{around:UInt32}} FOLLOWING) AS near
    FROM (SELECT *, toUInt8({filter}) AS found,
                 found AND sum(toUInt64(found)) OVER (ORDER BY ts DESC, service, body
                     ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) <= {{most:UInt64}} AS matches
          FROM lg_lines)
) WHERE near ORDER BY ts DESC, service, body"""
_HISTOGRAM = """
SELECT intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket, level, count() AS lines
FROM lg_lines WHERE {filter} GROUP BY bucket, level ORDER BY bucket, level"""
# Lines are many, their combinations few: only these are taken apart.
_FACETS = """
SELECT facet.1 AS name, facet.2 AS value, sum(n) AS lines FROM (
    SELECT arrayJoin([('level', level), ('service', service), ('instance', instance), ('version', version),
                      ('trace', if(traced, 'has a trace', 'none'))]) AS facet, n
    FROM (SELECT level, service, instance, version, trace_id != '' AS traced, count() AS n
          FROM lg_lines WHERE {filter} GROUP BY level, service, instance, version, traced)
) GROUP BY name, value ORDER BY name, lines DESC, value LIMIT {{most:UInt64}} BY name"""

_SHAPES = """
SELECT service, shape, count() AS lines, min(ts) AS first, toUnixTimestamp64Nano(first) AS first_ns, max(ts) AS last,
       argMax(level, severity) AS worst
FROM lg_lines WHERE {filter} GROUP BY service, shape"""
# Of those shown alone: the texts are most of what there is to read.
_FIRST = """
SELECT service, shape, min(body) AS sample FROM lg_lines
WHERE ({filter}) AND toUnixTimestamp64Nano(ts) IN {{times:Array(Int64)}} AND shape IN {{shapes:Array(UInt64)}}
GROUP BY service, shape, ts ORDER BY ts DESC"""


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
class Facet:
    """The most frequent values of a field, and of how many lines each is; an empty one is not set."""

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a window and a scope that a filter finds."""

    reader: Reader
    chosen: LogFilter
    window: Window
    scope: Scope

    def newest(self, limit: int, around: int = 0) -> tuple[tuple[LogLine, ...], Provenance]:
        """The newest, oldest first; `around` lines of the same instance before and after each come on top of the limit."""
        rows = self._rows(_NEWEST, most=limit)
        if around and rows:
            rows = self._beside(rows, limit, around)
        return tuple(_line(row) for row in reversed(rows.dicts())), rows.provenance

    def _beside(self, found: Rows, limit: int, around: int) -> Rows:
        """The same with their neighbours, which are looked for near them first: to order a long window takes long."""
        times, rows = [row["ts"] for row in found.dicts()], found
        for margin in (*NEIGHBOURS_WITHIN, self.window.length):
            start, end = (
                max(min(times) - margin, self.window.start),
                min(max(times) + margin, self.window.end),
            )
            near = Window(start, end)
            rows = self._rows(_AROUND, near, most=limit, around=around)
            if near == self.window or _enough(rows, around, near, self.window):
                break
        return rows

    def counts(self) -> tuple[int, int]:
        """How many lines there are, and how many of them are found."""
        row = self._rows(_COUNT).dicts()[0]
        return row["lines"], row["matched"]

    def total(self) -> int:
        """How many lines there are, found or not."""
        return int(self._rows(_TOTAL).dicts()[0]["lines"])

    def levels(self, step: int) -> list[dict[str, Any]]:
        """How many there are of each level in stretches of `step` seconds: bucket, level, lines."""
        return self._rows(_HISTOGRAM, step_ns=step * 1_000_000_000).dicts()

    def facets(self, most: int) -> tuple[Facet, ...]:
        """The most frequent values of level, service, instance and version, and whether there is a trace."""
        found: dict[str, list[tuple[str, int]]] = {}
        for row in self._rows(_FACETS, most=most).dicts():
            found.setdefault(row["name"], []).append((row["value"], row["lines"]))
        return tuple(Facet(name, tuple(values)) for name, values in found.items())

    def patterns(self, limit: int) -> tuple[tuple[LogPattern, ...], int]:
        """The most frequent patterns, the most frequent first, and how many there are."""
        rows = self._rows(_SHAPES).dicts()
        known = read_patterns(self._query, [(row["service"], row["shape"]) for row in rows])
        grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in rows:
            pattern = known.of(row["service"], row["shape"]) or f"shape-{row['shape']:x}"
            grouped.setdefault((row["service"], pattern), []).append(row)
        ranked = sorted(grouped.items(), key=lambda item: (-sum(row["lines"] for row in item[1]), item[0]))
        templates = known.templates([key for key, _ in ranked[:limit]])
        firsts = [min(rows, key=lambda row: row["first"]) for _, rows in ranked[:limit]]
        times, shapes = ([row[name] for row in firsts] for name in ("first_ns", "shape"))
        samples = {
            (row["service"], row["shape"]): row["sample"]
            for row in self._rows(_FIRST, times=times, shapes=shapes).dicts()
        }
        found = tuple(
            _pattern(key, templates.get(key, ""), rows, first, samples[first["service"], first["shape"]])
            for (key, rows), first in zip(ranked[:limit], firsts, strict=True)
        )
        return found, len(ranked)

    def _query(self, sql: str, /, **parameters: object) -> Rows:
        return self.reader.query(sql, parameters, self.window)

    def _rows(self, sql: str, window: Window | None = None, /, **bound: object) -> Rows:
        asked = sql.format(columns=_COLUMNS, filter=self.chosen.sql)
        return self.reader.query(
            asked, {**self.chosen.parameters, **bound}, window or self.window, scope=self.scope
        )


def _enough(rows: Rows, around: int, near: Window, whole: Window) -> bool:
    """Whether each instance has as many lines before its first match and after its last one as were asked for."""
    matches: dict[tuple[str, str], list[bool]] = {}
    for row in reversed(rows.dicts()):
        matches.setdefault((row["service"], row["instance"]), []).append(bool(row["matches"]))
    before = near.start == whole.start or all(one.index(True) >= around for one in matches.values())
    after = near.end == whole.end or all(one[::-1].index(True) >= around for one in matches.values())
    return before and after


def _pattern(
    key: tuple[str, str], template: str, rows: list[dict[str, Any]], first: dict[str, Any], sample: str
) -> LogPattern:
    worst = max((row["worst"] for row in rows), key=_LEVELS.index)
    return LogPattern(
        pattern_id=key[1],
        template=template or sample,
        service=key[0],
        level=worst,
        count=sum(row["lines"] for row in rows),
        first=first["first"],
        last=max(row["last"] for row in rows),
        sample=sample,
    )


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
