"""Pulse: errors, latency and traffic over time, of requests or, where there are none, of log lines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from lastgood.model.evidence import Provenance, Series
from lastgood.model.judgement import Count
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader, Rows

PULSE_BUCKETS = Count(120, "buckets of a series", "judgement: a plot of a card shows no more")

_REQUESTS = """
SELECT 'requests' AS what, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n, countIf(failed) AS failures, quantileIf(0.95)(duration_ns, duration_ns > 0) / 1e6 AS p95
FROM lg_requests GROUP BY bucket ORDER BY bucket"""
_LINES = """
SELECT 'log lines' AS what, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n, countIf(severity >= 17) AS failures, nan AS p95
FROM lg_lines GROUP BY bucket ORDER BY bucket"""


def counted(reader: Reader, signals: frozenset[Signal], window: Window, scope: Scope) -> Rows | None:
    """A row for each bucket in which anything was; None where there is nothing."""
    step = max(1, round(window.seconds / PULSE_BUCKETS))
    for sql, needed in ((_REQUESTS, {Signal.SPANS, Signal.LOGS}), (_LINES, {Signal.LOGS})):
        if needed & signals:
            rows = reader.query(sql, {"step_ns": step * 1_000_000_000}, window, scope=scope)
            if len(rows):
                return rows
    return None


def series_of(rows: Sequence[Mapping[str, Any]], window: Window, asked: Provenance) -> tuple[Series, ...]:
    """The pulse of counted buckets: failing share, slow tail (ms) and rate (a second); a share and a tail only of something."""
    step_ns = asked.parameters["step_ns"]
    if not rows or not isinstance(step_ns, int):
        return ()
    step = step_ns // 1_000_000_000
    what, found = rows[0]["what"], {row["bucket"]: row for row in rows}
    times = tuple(window.start + timedelta(seconds=step * n) for n in range(int(window.seconds / step)))
    shapes: tuple[tuple[str, str, Callable[[Mapping[str, Any]], float | None]], ...] = (
        (f"errors: failing share of {what}", "share", lambda row: row["failures"] / row["n"]),
        (f"latency: p95 of {what}", "ms", lambda row: row["p95"]),
        (f"traffic: {what} a second", "1/s", lambda row: row["n"] / step),
    )
    series = []
    for title, unit, of in shapes:
        nothing = 0.0 if unit == "1/s" else None
        values = [of(found[n]) if n in found else nothing for n in range(len(times))]
        known = tuple(None if value is None or value != value else value for value in values)  # noqa: PLR0124
        if any(value is not None for value in known):
            series.append(Series(title, unit, times, known, asked))
    return tuple(series)
