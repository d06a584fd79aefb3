"""Series of the way that requests take: self time and time between services, where errors begin, what follows what.

They show what is no one's symptom at the entry: a slow edge that one request in ten takes, code that returns early,
a statement that is no longer reported. Each is conditional on the operation it belongs to, so it does not follow
the mix of requests, as rates and latencies of whole services do.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from lastgood.algorithms.steps import END, START
from lastgood.inspections.onset.weights import ENOUGH_OF_WAY
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid, grid_of
from lastgood.readings.series import (
    REQUESTS,
    Symptom,
    SymptomSeries,
    Trust,
    counted,
    grouped,
    per_bucket,
    quality,
    settled,
)
from lastgood.readings.traces import MOST_SPANS
from lastgood.telemetry.derived import TRACE_HASHES
from lastgood.telemetry.reader import Rows

# Where a line comes from: its line of code, else its shape.
PLACE = "cityHash64(scope, code_line, if(code_line != '', 0, shape), severity >= 17)"
COUNT = "SELECT count() AS spans FROM lg_spans"
CHOSEN = f"trace_hash < intDiv({TRACE_HASHES}, {{every:UInt64}})"
OWN = f"""
SELECT service, if(callee != '', concat(name, ' → ', callee), name) AS operation,
       intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket,
       toUInt16(if(self_ns > 0, 1 + log2(self_ns) * 4, 0)) AS bin, count() AS n,
       countIf(failed AND NOT children_failed) AS failures
FROM (
    SELECT ts, service, name, self_ns, failed, children_failed,
           if(length(children) = 1 AND children[1].2 != service, children[1].2, '') AS callee
    FROM lg_hops WHERE {CHOSEN}
)
GROUP BY service, operation, bucket, bin ORDER BY service, operation, bucket, bin LIMIT 500000"""
# What one trace repeats a hundred times was decided once.
CALLED = f"""
SELECT service, name, step.1 AS after, step.2 AS then,
       intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket, uniqExact(trace_id) AS n
FROM (SELECT ts, service, name, trace_id,
             arrayMap(c -> if(c.2 = service, c.3, concat(c.2, ' → ', c.3)), children) AS events,
             arrayJoin(arrayDistinct(arrayZip(arrayPushFront(events, ''), arrayPushBack(events, '')))) AS step
      FROM lg_hops WHERE {CHOSEN})
GROUP BY service, name, after, then, bucket ORDER BY service, name, after, then, bucket LIMIT 500000"""
SAID = f"""
SELECT service, name, toString(step.1) AS after, toString(step.2) AS then,
       intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket, uniqExact(trace_id) AS n
FROM (SELECT min(x_ts) AS ts, service, max(x_name) AS name, trace_id,
             arrayMap(x -> x.2, arraySort(arrayDistinct(groupArrayIf(2000)((x_ts, statement), statement != 0)))) AS events,
             arrayJoin(arrayDistinct(arrayZip(arrayPushFront(events, 0), arrayPushBack(events, 0)))) AS step
      FROM (SELECT trace_id, span_id, service, ts AS x_ts, {PLACE} AS statement, '' AS x_name
            FROM lg_lines WHERE trace_id != '' AND {CHOSEN}
            UNION ALL
            SELECT trace_id, span_id, service, ts, 0, name FROM lg_spans WHERE {CHOSEN})
      GROUP BY trace_id, span_id, service)
GROUP BY service, name, after, then, bucket ORDER BY service, name, after, then, bucket LIMIT 500000"""


def own_series(case: Case) -> Iterator[SymptomSeries]:
    """Self time, the gap between client and server, and spans that fail though nothing below them does."""
    grid = grid_of(case, Signal.SPANS)
    if grid is None:
        return
    usable = settled(counted(case, grid, REQUESTS).table, grid)
    rows = _read(case, grid, OWN)
    if not len(rows):
        return
    places = grid.places(rows.table["bucket"].to_numpy())
    rows = Rows(rows.table.filter(pa.array((places >= 0) & usable[places])), rows.provenance)
    for (service, operation), part in grouped(rows, "service", "operation"):
        empty = SymptomSeries(
            Trust.WAYS, Symptom.ERRORS, service, str(operation), np.zeros(0), np.zeros(0), share=True, rise=True,
            grid=grid, provenance=rows.provenance,
        )  # fmt: skip
        yield from (one for one in quality(part, empty) if one.symptom is not Symptom.FASTER)


def step_series(case: Case) -> Iterator[SymptomSeries]:
    """What share of an operation's traces goes on another way, after each of its calls and statements."""
    for signal, sql in ((Signal.SPANS, CALLED), (Signal.LOGS, SAID)):
        grid = grid_of(case, signal)
        if grid is not None and case.has(Signal.SPANS):
            yield from _steps(_read(case, grid, sql), grid)


def _steps(rows: Rows, grid: Grid) -> Iterator[SymptomSeries]:
    for (service, name), unit in grouped(rows, "service", "name"):
        for (_, after), part in grouped(Rows(unit, rows.provenance), "service", "after"):
            ways = {
                str(then): per_bucket(way, "n", grid)
                for (_, then), way in grouped(Rows(part, rows.provenance), "service", "then")
            }
            total = np.sum(list(ways.values()), axis=0)
            for then, observed in ways.items():
                # What a unit begins with is chosen by its input; only beginning with nothing at all is a break.
                if (
                    observed.sum() >= ENOUGH_OF_WAY
                    and (after != START or then == END)
                    and observed.sum() < total.sum()
                ):
                    yield SymptomSeries(
                        Trust.WAYS, Symptom.STEP, service, str(name), observed, total, share=True, rise=True, grid=grid,
                        provenance=rows.provenance, example=f"{after}\n{then}",
                    )  # fmt: skip


def _read(case: Case, grid: Grid, sql: str) -> Rows:
    spans = int(case.query(COUNT, window=grid.window).dicts()[0]["spans"])
    return case.query(
        sql, window=grid.window, step_ns=grid.step * 1_000_000_000, every=-(-spans // MOST_SPANS) or 1
    )
