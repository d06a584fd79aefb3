"""Lines: the log lines that a filter finds, their number, their levels over time and their patterns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.model.evidence import Provenance
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.readings.patterns import read_patterns
from lastgood.telemetry.logfilter import LogFilter
from lastgood.telemetry.reader import Reader, Rows

_LEVELS = ("", "trace", "debug", "info", "warn", "error", "fatal")
_COLUMNS = "ts, service, level, body, trace_id, instance, attributes, resource"
_NEWEST = (
    "SELECT {columns} FROM lg_lines WHERE {filter} ORDER BY ts DESC, service, body LIMIT {{most:UInt64}}"
)
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
_FACETS = """
SELECT facet.1 AS name, facet.2 AS value, count() AS lines FROM (
    SELECT arrayJoin([('level', level), ('service', service), ('instance', instance), ('version', version),
                      ('trace', if(trace_id = '', 'none', 'has a trace'))]) AS facet
    FROM lg_lines WHERE {filter}
) GROUP BY name, value ORDER BY name, lines DESC, value LIMIT {{most:UInt64}} BY name"""

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
        bound = {"most": limit} | ({"around": around} if around else {})
        rows = self._rows(_AROUND if around else _NEWEST, **bound)
        return tuple(_line(row) for row in reversed(rows.dicts())), rows.provenance

    def counts(self) -> tuple[int, int]:
        """How many lines there are, and how many of them are found."""
        row = self._rows(_COUNT).dicts()[0]
        return row["lines"], row["matched"]

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
        found = tuple(_pattern(key, templates.get(key, ""), rows) for key, rows in ranked[:limit])
        return found, len(ranked)

    def _query(self, sql: str, /, **parameters: object) -> Rows:
        return self.reader.query(sql, parameters, self.window)

    def _rows(self, sql: str, **bound: object) -> Rows:
        asked = sql.format(columns=_COLUMNS, filter=self.chosen.sql)
        return self.reader.query(asked, {**self.chosen.parameters, **bound}, self.window, scope=self.scope)


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
