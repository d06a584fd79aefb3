"""Symptom series: what of requests, spans and log lines is counted over time to see that something is wrong.

Each is observed events of an exposure per bucket. Latency is counted as requests slower than a pooled
quantile of their own operation, so every symptom is a count and one scan serves them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.change_point import Bools, Floats
from lastgood.algorithms.patterns.scanning import is_frame
from lastgood.algorithms.quantiles import lower_edge, quantile_of
from lastgood.model.evidence import Provenance
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid, grid_of
from lastgood.readings.refusals import REFUSED
from lastgood.telemetry.logfilter import ERROR_LINE
from lastgood.telemetry.reader import Rows

# fmt: off
SERIES_OPERATIONS = Count(200, "operations with series of their own", "judgement: bounds the work; the rest of a service's operations are one series together")
SERIES_KIND_LINES = Count(5, "lines of a kind of error, to have a series", "judgement: fewer begin by chance")
SERIES_EVENTS = Count(20, "lines of a shape or calls of a name, to have a series", "judgement: of fewer a share of the mix is chance")
RAGGED = Amount(0.05, "of a stretch at most is taken off where a capture begins", "judgement: parts of requests are there, and data are dear")
# fmt: on
SERIES_QUANTILES = (0.5, 0.75, 0.9, 0.97)

# Which operations are busiest follows from what was counted, so that nothing is read twice.
WORKED = """
SELECT service, if(rank <= {operations:UInt32}, label, '') AS operation, bucket, bin, sum(events) AS n, sum(failing) AS failures
FROM (
    SELECT *, dense_rank() OVER (ORDER BY total DESC, service, label) AS rank FROM (
        SELECT *, sum(events) OVER (PARTITION BY service, label) AS total FROM (
            SELECT service, %(name)s AS label, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
                   toUInt16(if(duration_ns > 0, 1 + log2(duration_ns) * 4, 0)) AS bin,
                   count() AS events, countIf(failed) AS failing
            FROM %(relation)s GROUP BY service, label, bucket, bin
        )
    )
)
GROUP BY service, operation, bucket, bin ORDER BY service, operation, bucket, bin"""
REQUESTS = WORKED % {"relation": "lg_requests", "name": "operation"}
SPANS = WORKED % {"relation": "lg_spans", "name": "name"}
REFUSALS = WORKED % {
    "relation": REFUSED,
    "name": "operation",
}

IS_BAD_LINE = ERROR_LINE
LINES = f"""
SELECT service, intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket,
       count() AS n, countIf({IS_BAD_LINE}) AS errors, countIf(severity >= 13 AND severity < 17) AS warnings
FROM lg_lines GROUP BY service, bucket ORDER BY service, bucket"""
KINDS = f"""
SELECT service, shape, intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket,
       count() AS n, min(substring(body, 1, 160)) AS example, countIf({IS_BAD_LINE}) AS errors
FROM lg_lines
WHERE ({IS_BAD_LINE} OR severity >= 13) AND (service, shape) GLOBAL IN (
    SELECT service, shape FROM lg_lines WHERE {IS_BAD_LINE} OR severity >= 13
    GROUP BY service, shape HAVING count() >= {{kind_lines:UInt32}} ORDER BY count() DESC, service, shape LIMIT {{operations:UInt32}})
GROUP BY service, shape, bucket ORDER BY service, shape, bucket"""

MIX = """
SELECT service, shape, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n, min(substring(body, 1, 160)) AS example
FROM lg_lines
WHERE (service, shape) GLOBAL IN (
    SELECT service, shape FROM lg_lines
    GROUP BY service, shape HAVING count() >= {events:UInt32} ORDER BY count() DESC, service, shape LIMIT {operations:UInt32})
GROUP BY service, shape, bucket ORDER BY service, shape, bucket"""


# What of each operation a request leads to: more and fewer calls are both signs.
CALLS = """
SELECT service, name AS operation, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n
FROM lg_spans
WHERE (service, name) GLOBAL IN (
    SELECT service, name FROM lg_spans
    GROUP BY service, name HAVING count() >= {events:UInt32} ORDER BY count() DESC, service, name LIMIT {operations:UInt32})
GROUP BY service, operation, bucket ORDER BY service, operation, bucket"""


class Trust(IntEnum):
    """How directly a series shows that users are affected; the lowest that shows anything is believed."""

    REQUESTS = 1
    SPANS = 2
    LINES = 3
    METRICS = 4
    RESOURCES = 5
    WAYS = 6
    MIX = 7


class Symptom(IntEnum):
    """What a series counts."""

    ERRORS = 1
    LATENCY = 2
    TRAFFIC = 3
    SILENCE = 4
    ERROR_LINES = 5
    WARNINGS = 6
    ERROR_KIND = 7
    MIX = 8
    LEVEL = 9
    FASTER = 10
    CALLS = 11
    STEP = 12
    REFUSED = 13
    STATEMENTS = 14


@dataclass(frozen=True, slots=True)
class SymptomSeries:
    """Events of an exposure per bucket, at one place."""

    trust: Trust
    symptom: Symptom
    service: str
    operation: str  # empty: all of the service
    observed: Floats
    exposure: Floats
    share: bool
    rise: bool
    grid: Grid
    provenance: Provenance
    slower_than: float = 0.0  # nanoseconds, for latency
    histogram: Floats | None = None  # buckets x latency bins, for latency
    shape: int = 0  # of an error kind
    example: str = ""
    mild: bool = False  # warnings only: they tell of what may become worse

    @property
    def place(self) -> str:
        """Where it was counted, for people."""
        where = self.service or "an unnamed service"
        return f"{where} {self.operation}".strip()


def request_series(case: Case) -> Iterator[SymptomSeries]:
    """Errors, latency and traffic of requests at their entry."""
    grid = grid_of(case, Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS)
    if grid is not None:
        yield from _worked(case, grid, REQUESTS, Trust.REQUESTS, np.ones(grid.buckets, bool))


def refused_series(case: Case) -> Iterator[SymptomSeries]:
    """Requests that are refused: by each operation, and by a service as a whole."""
    grid = grid_of(case, Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS)
    if grid is None:
        return
    every = np.ones(grid.buckets, bool)
    for one in _worked(case, grid, REFUSALS, Trust.REQUESTS, every):
        if one.symptom is Symptom.ERRORS:
            yield replace(one, symptom=Symptom.REFUSED)


def span_series(case: Case) -> Iterator[SymptomSeries]:
    """Errors, latency and silence of every service's spans."""
    grid = grid_of(case, Signal.SPANS)
    if grid is not None:
        usable = settled(counted(case, grid, REQUESTS).table, grid)
        yield from _worked(case, grid, SPANS, Trust.SPANS, usable)


def settled(requests: pa.Table, grid: Grid) -> Bools:
    """The buckets in which spans are of all parts of requests, stretch by stretch between gaps.

    What was captured for a while begins with the first parts of requests only, and ends with the last
    parts of the slowest ones: a change of the mix that is no one's fault.
    """
    n = per_bucket(requests, "n", grid)
    if not n.any():
        return np.ones(grid.buckets, bool)
    timed = [counts for counts in latency_histogram(requests, grid) if counts.any()]
    long = (
        float(np.median([quantile_of(counts, 0.9) for counts in timed])) / 1e9 / grid.step if timed else 0.0
    )
    inside = np.zeros(grid.buckets, bool)
    for first, last in grid.stretches:
        entries = np.flatnonzero(n[first:last])
        if len(entries):
            begin = first + int(entries[0]) + int(np.ceil(min(long, RAGGED * (last - first))))
            inside[begin : first + int(entries[-1]) + 1] = True
    return inside


def line_series(case: Case) -> Iterator[SymptomSeries]:
    """Error lines, warnings, kinds of errors and silence of every service's log."""
    grid = grid_of(case, Signal.LOGS)
    if grid is None:
        return
    rows = counted(case, grid, LINES)
    for (service, _), part in grouped(rows, "service"):
        total = per_bucket(part, "n", grid)
        lines = _volume(Trust.LINES, service, total, grid, rows)
        yield lines
        for symptom, column in ((Symptom.ERROR_LINES, "errors"), (Symptom.WARNINGS, "warnings")):
            observed = per_bucket(part, column, grid)
            if observed.any():
                mild = symptom is Symptom.WARNINGS
                rate = replace(lines, symptom=symptom, observed=observed, rise=True, mild=mild)
                yield rate
                yield replace(rate, exposure=total, share=True)
    yield from _shapes(case, grid, KINDS)


def mix_series(case: Case) -> Iterator[SymptomSeries]:
    """What part of a service's lines each shape is, of which more and less are both signs."""
    grid = grid_of(case, Signal.LOGS)
    if grid is None:
        return
    rows = counted(case, grid, LINES)
    totals = {service: per_bucket(part, "n", grid) for (service, _), part in grouped(rows, "service")}
    for one in _shapes(case, grid, MIX):
        mixed = replace(one, trust=Trust.MIX, symptom=Symptom.MIX, exposure=totals[one.service], share=True)
        yield mixed
        yield replace(mixed, rise=False)


def call_series(case: Case) -> Iterator[SymptomSeries]:
    """How often each operation is called, per request that enters: more and less are both signs."""
    grid = grid_of(case, Signal.SPANS)
    if grid is None:
        return
    table = counted(case, grid, REQUESTS).table
    entered = np.where(settled(table, grid), per_bucket(table, "n", grid), 0.0)
    rows = counted(case, grid, CALLS)
    for (service, operation), part in grouped(rows, "service", "operation"):
        calls = np.where(entered > 0, per_bucket(part, "n", grid), 0.0)
        one = SymptomSeries(
            Trust.MIX, Symptom.CALLS, service, str(operation), calls, entered, share=False, rise=False, grid=grid,
            provenance=rows.provenance,
        )  # fmt: skip
        yield one
        yield replace(one, rise=True)


def _shapes(case: Case, grid: Grid, sql: str) -> Iterator[SymptomSeries]:
    rows = counted(case, grid, sql)
    for (service, shape), part in grouped(rows, "service", "shape"):
        if is_frame(part["example"][0].as_py()):
            continue
        yield SymptomSeries(
            Trust.LINES, Symptom.ERROR_KIND, service, "", per_bucket(part, "n", grid), grid.covered,
            share=False, rise=True, grid=grid, provenance=rows.provenance, shape=int(shape),
            example=part["example"][0].as_py(),
            mild="errors" in part.column_names and not pc.sum(part["errors"]).as_py(),
        )  # fmt: skip


def _worked(case: Case, grid: Grid, sql: str, trust: Trust, usable: Bools) -> Iterator[SymptomSeries]:
    rows = counted(case, grid, sql)
    if not usable.all() and len(rows):
        places = grid.places(rows.table["bucket"].to_numpy())
        rows = Rows(rows.table.filter(pa.array((places >= 0) & usable[places])), rows.provenance)
    covered = np.where(usable, grid.covered, 0.0)
    for (service, _), whole in grouped(rows, "service"):
        volume = _volume(trust, service, per_bucket(whole, "n", grid), grid, rows)
        volume = replace(volume, exposure=covered)
        yield volume
        groups = list(grouped(Rows(whole, rows.provenance), "operation"))
        for (operation, _), part in groups:
            yield from quality(part, replace(volume, operation=operation))
        if len(groups) > 1 and trust is Trust.REQUESTS:
            # Spans of all names are a mix, whose latency says nothing.
            yield from quality(whole, volume)


def quality(part: pa.Table, volume: SymptomSeries) -> Iterator[SymptomSeries]:
    """The series of failures and latency of one operation, on the grid of its volume."""
    grid = volume.grid
    failed = per_bucket(part, "failures", grid)
    each = replace(volume, exposure=per_bucket(part, "n", grid), share=True, rise=True)
    if failed.any():
        yield replace(each, symptom=Symptom.ERRORS, observed=failed)
    histogram = latency_histogram(part, grid)
    cuts = _cuts(histogram.sum(axis=0))
    median = cuts[0] if cuts else 0
    for cut in cuts:
        slow = replace(
            each,
            symptom=Symptom.LATENCY,
            observed=histogram[:, cut:].sum(axis=1),
            exposure=histogram.sum(axis=1),
            slower_than=lower_edge(cut),
            histogram=histogram,
        )
        yield slow
        if cut == median:
            yield replace(slow, symptom=Symptom.FASTER, rise=False)


def _volume(trust: Trust, service: str, total: Floats, grid: Grid, rows: Rows) -> SymptomSeries:
    """How many events there are at all, of which too few is a symptom."""
    symptom = Symptom.TRAFFIC if trust is Trust.REQUESTS else Symptom.SILENCE
    return SymptomSeries(
        trust, symptom, service, "", total, grid.covered, share=False, rise=False, grid=grid,
        provenance=rows.provenance,
    )  # fmt: skip


def latency_histogram(part: pa.Table, grid: Grid) -> Floats:
    """Requests per bucket and latency bin; bin b > 0 holds 2^((b-1)/4) ns up to the next bin, bin 0 nothing."""
    bins = part["bin"].to_numpy().astype(np.int64)
    width = int(bins.max(initial=0)) + 2
    places = grid.places(part["bucket"].to_numpy())
    known = places >= 0
    counts = np.bincount(
        places[known] * width + bins[known], part["n"].to_numpy()[known], minlength=grid.buckets * width
    )
    histogram = np.asarray(counts.reshape(grid.buckets, width), np.float64)
    histogram[:, 0] = 0.0
    return histogram


def _cuts(pooled: Floats) -> list[int]:
    total = pooled.sum()
    if total <= 0:
        return []
    running = pooled.cumsum()
    cuts = {int(np.searchsorted(running, q * total)) + 1 for q in SERIES_QUANTILES}
    return sorted(cut for cut in cuts if pooled[cut:].sum() > 0)


def counted(case: Case, grid: Grid, sql: str) -> Rows:
    """Rows of a statement that counts by bucket of the grid."""
    return case.query(
        sql,
        window=grid.window,
        step_ns=grid.step * 1_000_000_000,
        operations=SERIES_OPERATIONS,
        kind_lines=SERIES_KIND_LINES,
        events=SERIES_EVENTS,
    )


def grouped(rows: Rows, first: str, second: str = "") -> Iterator[tuple[tuple[str, Any], pa.Table]]:
    """The rows of each value of one or two columns, with that value."""
    if not len(rows):
        return
    code, values = _coded(rows.table[first])
    other, others = _coded(rows.table[second]) if second else (np.zeros(len(code), np.int64), [""])
    joint = code * len(others) + other
    order = np.argsort(joint, kind="stable")
    sorted_rows = rows.table.take(pa.array(order))
    edges = np.flatnonzero(np.diff(joint[order], prepend=-1))
    for low, high in zip(edges, [*edges[1:], len(order)], strict=True):
        which = int(joint[order[low]])
        value = values[which // len(others)], others[which % len(others)]
        yield value, sorted_rows.slice(int(low), int(high - low))


def _coded(column: pa.ChunkedArray) -> tuple[np.ndarray[Any, Any], list[Any]]:
    flat = column.combine_chunks()
    if pa.types.is_dictionary(flat.type):
        flat = flat.cast(flat.type.value_type)
    coded = pc.dictionary_encode(flat)
    return coded.indices.to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


def per_bucket(part: pa.Table, column: str, grid: Grid) -> Floats:
    """One column of rows as an array with a value per bucket of the grid; 0 where there is no row."""
    places = grid.places(part["bucket"].to_numpy())
    known = places >= 0
    return np.bincount(places[known], part[column].to_numpy()[known], minlength=grid.buckets).astype(
        np.float64
    )
