"""Measures of predictions as SQL over relations: which rows, which columns, and the number they come to.

`fails`, `latency`, `traffic`, `count` and `users` are of requests where they enter; with `service=` of what that
service answers, with `peer=` of the calls to it, which need spans. `errors` is always of these; of a service without
spans it is the share of its log lines that report an error. `lines` reads log lines, `metric` reads points. Each is read in equal stretches of a window, so that bursts can be distinguished from many.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lastgood.algorithms.metric_meaning import meaning
from lastgood.algorithms.predictions.estimates import (
    Estimate,
    level_estimate,
    quantile_estimate,
    rate_estimate,
    share_estimate,
)
from lastgood.algorithms.predictions.expression import Filter, Kind, Measure
from lastgood.model.attributes import SERVICE_NAME
from lastgood.model.signal import Signal
from lastgood.telemetry.inner_attributes import INNER_NAMES, value_sql
from lastgood.telemetry.logfilter import ERROR_LINE
from lastgood.telemetry.reader import Rows

STRETCHES = 12
PER_OCTAVE = 16  # latency bins: 4 % wide
BINS = PER_OCTAVE * 64
MOST_NAMES = 2000
MOST_VALUES = 50

_TEXT = {
    "service": "service",
    SERVICE_NAME: "service",
    "instance": "instance",
    "version": "version",
    "user": "user",
}
_STATUS = "if(http_status > 0, toString(http_status), '')"
_FAILED = "if(failed, 'true', 'false')"
# The attributes that relations have as columns, by the names that people use.
_REQUEST = {**_TEXT, "operation": "operation", "route": "operation", "status": _STATUS, "failed": _FAILED}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "lg_requests": _REQUEST,
    "lg_served": _REQUEST,
    "lg_spans": {**_TEXT, "operation": "name", "name": "name", "status": _STATUS, "failed": _FAILED, "peer": "peer",
                 "error": "error_type", "kind": "lower(kind)"},
    "lg_lines": {**_TEXT, "level": "level"},
    "lg_points": {"service": "service", SERVICE_NAME: "service", "instance": "instance"},
}  # fmt: skip
PLACES = frozenset({"service", SERVICE_NAME, "peer"})  # say whose spans are meant
ROWS = {
    "lg_requests": "request",
    "lg_served": "request",
    "lg_spans": "span",
    "lg_lines": "log line",
    "lg_points": "metric value",
}

# A service answers in spans of these kinds; one that has none of them, in all of its spans.
_ANSWERS = ("(kind IN ('Server', 'Consumer') OR parent_id = '' OR service GLOBAL NOT IN "
            "(SELECT service FROM lg_spans WHERE kind IN ('Server', 'Consumer') GROUP BY service))")  # fmt: skip
_CALLS = "kind IN ('Client', 'Producer')"

_STRETCH = ("least(toUInt32(intDiv(toUnixTimestamp64Nano(toDateTime64(ts, 9, 'UTC')) - {from_ns:Int64}, "
            "intDiv({to_ns:Int64} - {from_ns:Int64}, {stretches:UInt32}) + 1)), {stretches:UInt32} - 1)")  # fmt: skip
_COUNTED = f"""
SELECT {_STRETCH} AS stretch, count() AS n, %(hits)s AS hits
FROM %(relation)s WHERE %(which)s GROUP BY stretch ORDER BY stretch"""
_PEOPLE = "SELECT uniqExact(user) AS users, count() AS n FROM %(relation)s WHERE %(which)s AND user != ''"
_BINNED = f"""
SELECT toUInt32(1 + log2(duration_ns) * {PER_OCTAVE}) AS bin, count() AS n
FROM %(relation)s WHERE %(which)s AND duration_ns > 0 GROUP BY bin ORDER BY bin"""
# A counter is read as its rate; the step over a reset is left out.
_LEVELS = f"""
SELECT stretch, avg(told) AS level, any(unit) AS unit FROM (
    SELECT {_STRETCH} AS stretch, service, instance, labels, any(unit) AS unit,
           if(max(counter), sumIf(step, step >= 0 AND gap > 0) / sumIf(gap, step >= 0 AND gap > 0), avg(value)) AS told
    FROM (
        SELECT ts, service, instance, toString(attributes) AS labels, unit, value, monotonic AND cumulative AS counter,
               row_number() OVER series AS place, value - lagInFrame(value) OVER series AS step,
               if(place > 1, dateDiff('millisecond', lagInFrame(ts) OVER series, ts) / 1000, 0) AS gap
        FROM lg_points WHERE %(which)s AND isFinite(value)
        WINDOW series AS (PARTITION BY service, instance, toString(attributes) ORDER BY ts)
    )
    GROUP BY stretch, service, instance, labels
) WHERE isFinite(told) GROUP BY stretch ORDER BY stretch"""
_DOSES = f"""
SELECT {_STRETCH} AS stretch, count() AS n, countIf(%(column)s = {{value:String}}) AS dosed, %(hits)s AS failed,
       %(took)s AS took
FROM %(relation)s WHERE %(which)s GROUP BY stretch ORDER BY stretch"""
NAMES = f"""
SELECT arraySort(arrayDistinct(arrayConcat(groupUniqArrayArray({MOST_NAMES})(mapKeys(attributes)),
                                           groupUniqArrayArray({MOST_NAMES})({INNER_NAMES}),
                                           groupUniqArrayArray({MOST_NAMES})(mapKeys(resource))))) AS names
FROM %s WHERE cityHash64(ts) %% {{every:UInt32}} = 0"""
METRICS = f"SELECT DISTINCT metric FROM lg_points ORDER BY metric LIMIT {MOST_NAMES}"
_VALUES = f"""
SELECT toString(%(column)s) AS told, count() AS n FROM %(relation)s WHERE told != '' AND %(which)s AND cityHash64(ts) %% {{every:UInt32}} = 0
GROUP BY told ORDER BY n DESC, told LIMIT {MOST_VALUES}"""
HAS_ROWS = "SELECT count() > 0 AS there FROM %s WHERE service = {service:String}"
VERSIONS = """
SELECT version, min(ts) AS first FROM %s WHERE service = {service:String} AND version != ''
GROUP BY version ORDER BY first, version"""


@dataclass(frozen=True, slots=True)
class Selected:
    """Rows of a relation: the condition with its parameters, and the signal they come from."""

    relation: str
    which: str
    parameters: Mapping[str, str]

    def sql(self, template: str, **words: str) -> str:
        """A template with these rows in it."""
        return template % {"relation": self.relation, "which": self.which, **words}


def relation_of(measure: Measure, signals: frozenset[Signal]) -> str:
    """What a measure reads, given what the store has."""
    if measure.kind is Kind.AMOUNT:
        return "lg_points"
    if measure.name == "lines":
        return "lg_lines"
    placed = any(f.name in PLACES for f in measure.filters)
    if measure.name == "errors" or measure.named("peer") or (placed and Signal.SPANS in signals):
        return "lg_spans"
    return "lg_served" if placed else "lg_requests"  # a place has those too that are counted in front of it


def signals_of(relation: str) -> tuple[Signal, ...]:
    """The signals of which any one makes the relation."""
    return {
        "lg_points": (Signal.METRICS,),
        "lg_lines": (Signal.LOGS,),
        "lg_spans": (Signal.SPANS,),
        "lg_requests": (Signal.SPANS, Signal.LOGS),
        "lg_served": (Signal.LOGS,),
    }[relation]


def column_of(relation: str, name: str, key: str) -> str:
    """SQL for an attribute: its column, or what the maps or the URL's query hold under `key`, a bound parameter."""
    return COLUMNS[relation].get(name.lower()) or value_sql(name, key)


def selected(measure: Measure, relation: str, *, placed_only: bool = False) -> Selected:
    """The rows of a measure; `placed_only` leaves out every attribute but service and peer."""
    tests, parameters = [_kinds(measure, relation)], dict[str, str]()
    for place, one in enumerate(measure.filters):
        if placed_only and one.name not in PLACES:
            continue
        column = column_of(relation, one.name, f"k{place}")
        tests.append(f"{column} {'=' if one.equal else '!='} {{v{place}:String}}")
        parameters |= {f"k{place}": one.name, f"v{place}": one.value}
    if measure.subject and relation == "lg_points":
        tests.append("metric = {subject:String}")
        parameters["subject"] = measure.subject
    elif measure.subject and not placed_only:
        tests.append("body ILIKE {subject:String}")
        parameters["subject"] = _like(measure.subject)
    return Selected(relation, " AND ".join(tests), parameters)


def _kinds(measure: Measure, relation: str) -> str:
    if relation != "lg_spans" or any(f.name == "kind" for f in measure.filters):
        return "1"
    return _CALLS if any(f.name == "peer" for f in measure.filters) else _ANSWERS


def _like(words: str) -> str:
    """A pattern for a template's words in their order; `<*>` stands for anything."""
    parts = [part for piece in words.split("<*>") for part in piece.split()]
    for special in ("\\", "%", "_"):
        parts = [part.replace(special, f"\\{special}") for part in parts]
    return f"%{'%'.join(parts)}%"


def presence(measure: Measure, relation: str) -> tuple[str, Mapping[str, str]]:
    """SQL for how many rows there are, and per filter how many carry the attribute, and that value."""
    columns, parameters = ["count() AS n"], dict[str, str]()
    place_only = selected(measure, relation, placed_only=True)
    for place, one in enumerate(measure.filters):
        column = column_of(relation, one.name, f"k{place}")
        columns += [
            f"countIf({column} != '') AS carried{place}",
            f"countIf({column} = {{v{place}:String}}) AS seen{place}",
        ]
        parameters |= {f"k{place}": one.name, f"v{place}": one.value}
    sql = f"SELECT {', '.join(columns)} FROM {relation} WHERE {place_only.which}"
    return sql, {**parameters, **place_only.parameters}


def values_sql(one: Filter, relation: str, rows: Selected | None = None) -> tuple[str, Mapping[str, str]]:
    """SQL for the most frequent values of an attribute."""
    within = rows or Selected(relation, "1", {})
    sql = within.sql(_VALUES, column=column_of(relation, one.name, "key"))
    return sql, {**within.parameters, "key": one.name}


def doses_sql(one: Filter, rows: Selected) -> tuple[str, Mapping[str, str]]:
    """SQL for how many of the rows carry a value, and how many fail, stretch by stretch."""
    took = "0" if rows.relation == "lg_lines" else "avg(duration_ns)"
    column = column_of(rows.relation, one.name, "key")
    sql = rows.sql(_DOSES, column=column, hits=_failures(rows), took=took)
    return sql, {**rows.parameters, "key": one.name, "value": one.value}


def _failures(rows: Selected) -> str:
    """SQL that counts the rows that failed; of log lines those that report an error."""
    return f"countIf({ERROR_LINE})" if rows.relation == "lg_lines" else "countIf(failed)"


def measure_sql(measure: Measure, rows: Selected) -> str:
    """The SQL of a measure."""
    match measure.kind:
        case Kind.SHARE:
            return rows.sql(_COUNTED, hits=_failures(rows))
        case Kind.SECONDS:
            return rows.sql(_BINNED)
        case Kind.PEOPLE:
            return rows.sql(_PEOPLE)
        case Kind.AMOUNT:
            return rows.sql(_LEVELS)
        case _:
            return rows.sql(_COUNTED, hits="0")


def estimate(measure: Measure, rows: Rows, seconds: float) -> Estimate:
    """What the rows of a measure come to; `seconds` are those of its window that have data."""
    reported = rows.dicts()
    match measure.kind:
        case Kind.SHARE:
            return share_estimate(_stretches(reported, "hits"), _stretches(reported, "n"))
        case Kind.SECONDS:
            histogram = np.zeros(BINS)
            for row in reported:
                histogram[row["bin"]] = row["n"]
            return _scaled(quantile_estimate(histogram, float(measure.percentile) / 100, PER_OCTAVE), 1e-9)
        case Kind.PEOPLE:
            users = float(reported[0]["users"])
            return Estimate(users, users, users, int(reported[0]["n"]), 1)  # counted, not estimated
        case Kind.AMOUNT:
            return level_estimate(np.array([row["level"] for row in reported], dtype=np.float64))
        case _:
            return rate_estimate(_stretches(reported, "n"), seconds)


def _stretches(reported: Iterable[Mapping[str, Any]], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = np.zeros(STRETCHES)
    for row in reported:
        values[row["stretch"]] = row[name]
    return values


def _scaled(one: Estimate, by: float) -> Estimate:
    return Estimate(one.value * by, one.low * by, one.high * by, one.rests_on, one.enough)


def floor_of(measure: Measure, rows: Rows) -> float:
    """The least change of a metric that matters, as far as its name tells."""
    units = rows.table["unit"].to_pylist() if measure.kind is Kind.AMOUNT else []
    meant = meaning(measure.subject, units[0]) if units else None
    return meant.floor if meant else 0.0
