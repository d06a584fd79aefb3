"""Figures in prose: the status, duration, request and level that a message tells in words or pairs.

`handled method=POST path=/pay status=503 duration=5006ms`, `POST /pay 503 5006ms`, `request finished with 503 in 5006 ms`. A
number is read only where the words beside it say what it is. A status makes a line a request, which is counted; so it is
taken only where the line tells of a request that was answered, not of a call that was made.
"""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.text import severity as _severity
from lastgood.decoding.text.events import (
    column,
    entries,
    maps_of_columns,
    merged_maps,
    spread_maps,
    with_column,
)
from lastgood.decoding.text.fields import SCALE

Mask = npt.NDArray[np.bool_]

_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_METHOD = (
    rf"(?:^|[^\w-])(?P<first>{_METHODS})[\"']?(?: -)? +[\"']?(?:/|https?://)"
    rf"|\b(?i:method|verb)[\"']?[=:] ?[\"']?(?P<second>{_METHODS})\b"
)
_PATH = (
    rf"(?:^|[^\w-])(?:{_METHODS})[\"']?(?: -)? +[\"']?(?:https?://[^/\s]+)?(?P<first>/[^\s?\"',;)]*)"
    r"|\b(?i:path|uri|url|route|endpoint)[\"']?[=:] ?[\"']?(?P<second>/[^\s?\"',;)]*)"
)
_STATUS = (
    r"\b(?i:status|status_?code|http_?status|response_?code|code|rc)[\"']?(?:[=:] ?[\"']?| )(?P<first>[1-5]\d\d)\b"
    r"|\bHTTP/\d(?:\.\d)?[\"']? (?P<second>[1-5]\d\d)\b"
    r"|\b(?i:with|returned|responded|response|answered|->|=>)[\"']? (?P<third>[1-5]\d\d)\b"
    rf"|(?:^|[^\w-])(?:{_METHODS}) /\S* (?P<fourth>[1-5]\d\d)\b"
    r"|\b[A-Z]+_[A-Z_]+/(?P<fifth>[1-5]\d\d)\b"
    r"|\bCompleted (?P<sixth>[1-5]\d\d) (?:OK|[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*) in\b"  # Rails
    r"|\b(?:Sent|Chunked) (?P<eighth>[1-5]\d\d) in \d"  # Phoenix
    rf"|^(?P<seventh>[1-5]\d\d) [A-Z][A-Za-z' -]{{1,40}}: (?:{_METHODS}) - /"  # Ktor
)
_UNITS = "(?i:ns|nanoseconds?|µs|μs|us|microseconds?|ms|msecs?|millis|milliseconds?|secs?|seconds?|s|min|minutes?|m|h)"
_DURATION = (
    rf"\b(?i:duration|took|taken|elapsed|latency|(?:response|request|query|total|processing|execution)?_?time|rt|cost|spent|in|after)(?: too long)?"
    rf"[\"']?(?:[=:] ?[\"']?| )\(?(?P<first>\d+(?:\.\d+)?) ?(?P<unit_first>{_UNITS})\b"
    rf"|(?:^|\s)[1-5]\d\d[\"']?(?: | \| +)\(?(?P<second>\d+(?:\.\d+)?) ?(?P<unit_second>{_UNITS})\b"
    r"|\b(?i:duration|elapsed|latency|took|time)_?(?P<unit_third>(?i:ms|us|ns|seconds|secs?|s))[\"']?[=:] ?[\"']?(?P<third>\d+(?:\.\d+)?)\b"
)
_LEVEL = (
    r"\b(?i:level|severity|lvl)=[\"']?(?P<first>[A-Za-z]+)\b"
    r"|^<(?P<second>Trace|Debug|Info|Notice|Warning|Error|Critical|Alert|Emergency)> "  # WebLogic
    r"|^(?P<third>TRC|DBG|INF|WRN|ERR|FTL|PNC) "  # zerolog's console
    r"|^(?:\w+=\S+ )+(?P<fourth>DEBUG|INFO|WARN|ERROR|FATAL): "  # behind pairs, as Sidekiq has it
)
# Whether an expression matches is known several times sooner than what its groups hold.
_WORDED, _TIMED = (re.sub(r"\(\?P<\w+>", "(?:", regex) for regex in (f"{_STATUS}|{_LEVEL}", _DURATION))
# What tells that the line is about a call to another: its status is not that of a request that came here.
_CALL = r"(?i)\b(call(?:ed|ing)? (?:to|of)|calling|fetch(?:ed|ing)?|upstream|outbound|webhook|client|retry\w*|attempt\w*)\b|https?://"
_ANSWERED = r"(?i)\b(request|handled|handling|served|serving|completed|finished|processed|responded|response|access)\b|\b(?:Sent|Chunked) [1-5]\d\d in \d"
_LONG_UNITS = {
    "nanosecond": "ns", "microsecond": "us", "msec": "ms", "millis": "ms", "milli": "ms", "millisecond": "ms",
    "second": "s", "minute": "min",
}  # fmt: skip


def has_figures(bodies: pa.Array) -> bool:
    """Whether any of some bodies tells a figure."""
    return bool(pc.any(pc.match_substring_regex(bodies, f"{_WORDED}|{_TIMED}")).as_py())


def with_figures(table: pa.Table) -> pa.Table:
    """The events with what their bodies tell and nothing else did."""
    rows, some = _matching(table, _TIMED)
    if len(rows):
        columns = {"lg.duration_ns": _durations(column(some, "Body"))}
        table = _with_attributes(table, rows, columns)
    rows, some = _matching(table, _WORDED)
    if not len(rows):
        return table
    bodies = column(some, "Body")
    status = _found(bodies, _STATUS)
    if pc.any(pc.not_equal(status, "")).as_py():
        table = _with_attributes(table, rows, _requests(some, bodies, status))
    return _with_levels(table, rows, _found(bodies, _LEVEL))


def _matching(table: pa.Table, regex: str) -> tuple[npt.NDArray[np.int64], pa.Table]:
    """The events whose bodies match, with their rows."""
    mask = pc.match_substring_regex(column(table, "Body"), regex)
    rows = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    return rows, table.select(["Body", "LogAttributes"]).take(pa.array(rows)).combine_chunks()


def _with_attributes(table: pa.Table, rows: npt.NDArray[np.int64], columns: dict[str, pa.Array]) -> pa.Table:
    """The events; those of the rows with attributes more, where they have none of the name."""
    reported = spread_maps(maps_of_columns(columns, len(rows)), rows, len(table))
    return with_column(table, "LogAttributes", merged_maps(column(table, "LogAttributes"), reported))


def _requests(some: pa.Table, bodies: pa.Array, status: pa.Array) -> dict[str, pa.Array]:
    """The status, method and path of the bodies that tell of a request that was answered here."""
    method, path = _found(bodies, _METHOD), _found(bodies, _PATH)
    request = pc.and_(pc.not_equal(method, ""), pc.not_equal(path, ""))
    answered = pc.or_(request, pc.match_substring_regex(bodies, _ANSWERED))
    mine = pc.and_(answered, pc.invert(pc.match_substring_regex(bodies, _CALL)))
    taken = pc.and_(pc.and_(mine, _without(some, "http.response.status_code")), pc.not_equal(status, ""))
    names = ("http.response.status_code", "http.request.method", "url.path")
    return {
        name: pc.if_else(taken, text, "") for name, text in zip(names, (status, method, path), strict=True)
    }


def _without(some: pa.Table, key: str) -> pa.Array:
    rows, keys, _ = entries(column(some, "LogAttributes"))
    free = np.ones(len(some), np.bool_)
    free[rows[pc.equal(keys, key).to_numpy(zero_copy_only=False)]] = False
    return pa.array(free)


def _durations(bodies: pa.Array) -> pa.Array:
    """Whole nanoseconds as texts, empty where none is reported."""
    found = pc.extract_regex(bodies, _DURATION)
    numbers, units = (
        _first([pc.struct_field(found, prefix + name) for name in ("first", "second", "third")])
        for prefix in ("", "unit_")
    )
    known = pc.not_equal(numbers, "")
    factors = pc.dictionary_encode(units)
    factor = np.array([_scale(unit) for unit in factors.dictionary.to_pylist()], np.float64)[
        factors.indices.to_numpy()
    ]
    values = pc.multiply(pc.if_else(known, numbers, "0").cast(pa.float64()), pa.array(factor))
    return pc.if_else(known, pc.round(values).cast(pa.int64(), safe=False).cast(pa.string()), "")


def _scale(unit: str) -> float:
    bare = unit.lower()
    singular = bare.removesuffix("s") if len(bare) > 2 else bare
    return SCALE.get(_LONG_UNITS.get(singular, singular), SCALE.get(bare, 0.0))


def _with_levels(table: pa.Table, rows: npt.NDArray[np.int64], words: pa.Array) -> pa.Table:
    """The events without a level with the one that a pair in their body tells."""
    if not pc.any(pc.not_equal(words, "")).as_py():
        return table
    reported = np.zeros(len(table), np.uint8)
    reported[rows] = _severity.numbers_of(words)
    level = column(table, "SeverityNumber")
    take = pc.and_(_severity.left_open(table), pc.greater(pa.array(reported), 0))
    texts = np.full(len(table), "", object)
    texts[rows] = words.to_pylist()
    table = with_column(table, "SeverityNumber", pc.if_else(take, pa.array(reported), level))
    text = pc.if_else(take, pa.array(texts, pa.string()), column(table, "SeverityText"))
    return with_column(table, "SeverityText", text)


def _found(bodies: pa.Array, regex: str) -> pa.Array:
    """What the first of an expression's groups to match holds."""
    found = pc.extract_regex(bodies, regex)
    return _first([found.field(index) for index in range(found.type.num_fields)])


def _first(columns: list[pa.Array]) -> pa.Array:
    first = pc.fill_null(columns[0], "")
    for other in columns[1:]:
        first = pc.if_else(pc.equal(first, ""), pc.fill_null(other, ""), first)
    return first
