"""The scene: what telemetry shows of a bad window, in the order in which it matters, before anything is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lastgood.model.judgement import Count, Time
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Reader, Rows

SCENE_REQUESTS = Count(10, "requests of each kind", "judgement: enough to compare by eye")
SCENE_RUN_UP = Time(
    10,
    "min before the bad window that are looked at as well",
    "judgement: what leads to a failure is seldom older",
)
SCENE_STEPS = Count(240, "steps of a series at most", "judgement: a plot shows no more")
SCENE_CHANGES = Time(
    1, "d before the comparison whose changes are listed", "judgement: a day has every regular job in it"
)

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
SCENE_SPANS = """
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
class Look:
    """Where to look, and how it is asked."""

    reader: Reader
    holdings: Holdings
    comparison: Comparison

    most: int  # rows of each part

    def rows(self, sql: str, window: Window | None = None, **parameters: Any) -> Rows:
        """The rows; of the bad window with what led up to it, unless another is given."""
        bad = self.comparison.bad
        looked = window or Window(bad.start - SCENE_RUN_UP, bad.end)
        bound = {"most": self.most, "samples": SCENE_REQUESTS, **parameters}
        named = {name: value for name, value in bound.items() if f"{{{name}:" in sql}
        return self.reader.query(sql, named, looked, comparison=self.comparison)


def parts(look: Look) -> Iterator[tuple[str, Rows]]:
    """Claims with their rows, in the order in which they matter."""
    bad, held = look.comparison.bad, look.holdings.signals
    step = max(60, int((bad.length + SCENE_RUN_UP).total_seconds() / SCENE_STEPS))
    traces: list[str] = []
    if held & {Signal.SPANS, Signal.LOGS}:
        yield "requests, failures and latency over time", look.rows(GOLDEN, step=step)
        for claim, sql in (("failing and working requests", REQUESTS), ("the slowest requests", SLOWEST)):
            rows = look.rows(sql)
            traces += [trace for trace in rows.table["trace_id"].to_pylist() if trace]
            yield claim, rows
    traces = sorted(set(traces))
    if Signal.SPANS in held and traces:
        yield "the spans of these requests", look.rows(SCENE_SPANS, traces=traces)
    if Signal.LOGS in held:
        if traces:
            yield "the log lines of these requests", look.rows(LINES, traces=traces)
        yield "log lines of kinds that the good window has not", look.rows(PATTERNS, look.comparison.hull)
    if Signal.METRICS in held:
        yield "metrics over time", look.rows(SATURATION, step=step)
    if Signal.CHANGES in held:
        whole = Window(look.comparison.hull.start - SCENE_CHANGES, bad.end)
        yield "changes until now", look.rows(CHANGES, whole)
