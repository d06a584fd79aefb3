"""Pulse: errors, latency and traffic over time, for charts."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from lastgood.model.evidence import Series
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.workbench.store import Store

BUCKETS = 120

_REQUESTS = """
SELECT intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket, count() AS n,
       countIf(failed) AS failures, quantileIf(0.95)(duration_ns, duration_ns > 0) / 1e6 AS p95
FROM lg_requests GROUP BY bucket"""
_LINES = """
SELECT intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket, count() AS n,
       countIf(severity >= 17) AS failures, nan AS p95
FROM lg_lines GROUP BY bucket"""


def pulse(store: Store, window: Window, *, scope: Scope = Scope()) -> tuple[Series, ...]:  # noqa: B008 - frozen
    """Failing share, slow tail (ms) and rate (a second) of requests; without requests, of log lines.

    A bucket without events has a rate of zero, and neither a share nor a tail.
    """
    holdings, reader = store.survey()
    step = max(1, round(window.seconds / BUCKETS))
    for sql, what, signals in (
        (_REQUESTS, "requests", {Signal.SPANS, Signal.LOGS}),
        (_LINES, "log lines", {Signal.LOGS}),
    ):
        if not signals & holdings.signals:
            continue
        rows = reader.query(sql, {"step_ns": step * 1_000_000_000}, window, scope=scope)
        if not len(rows):
            continue
        found = {row["bucket"]: row for row in rows.dicts()}
        times = tuple(window.start + timedelta(seconds=step * n) for n in range(int(window.seconds / step)))
        shapes: tuple[tuple[str, str, Callable[[Mapping[str, Any]], float]], ...] = (
            (f"errors: failing share of {what}", "share", lambda row: row["failures"] / row["n"]),
            (f"latency: p95 of {what}", "ms", lambda row: row["p95"]),
            (f"traffic: {what} a second", "1/s", lambda row: row["n"] / step),
        )
        drawn = []
        for title, unit, of in shapes:
            nothing = 0.0 if unit == "1/s" else None
            values = [of(found[n]) if n in found else nothing for n in range(len(times))]
            known = tuple(None if value is None or value != value else value for value in values)  # noqa: PLR0124
            if any(value is not None for value in known):
                drawn.append(Series(title, unit, times, known, rows.provenance))
        return tuple(drawn)
    return ()
