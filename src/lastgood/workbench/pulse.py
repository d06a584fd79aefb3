"""Pulse: errors, latency and traffic over time, for charts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from lastgood.model.evidence import Provenance, Series
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.reader import Rows
from lastgood.workbench.evidence import Kept
from lastgood.workbench.store import Store

BUCKETS = 120

_REQUESTS = """
SELECT 'requests' AS what, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n, countIf(failed) AS failures, quantileIf(0.95)(duration_ns, duration_ns > 0) / 1e6 AS p95
FROM lg_requests GROUP BY bucket ORDER BY bucket"""
_LINES = """
SELECT 'log lines' AS what, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n, countIf(severity >= 17) AS failures, nan AS p95
FROM lg_lines GROUP BY bucket ORDER BY bucket"""


def pulse(store: Store, window: Window, *, scope: Scope = Scope()) -> tuple[Series, ...]:  # noqa: B008 - frozen
    """Failing share, slow tail (ms) and rate (a second) of requests; without requests, of log lines.

    A bucket without events has a rate of zero, and neither a share nor a tail.
    """
    rows = counted(store, window, scope=scope)
    return _series(rows.dicts(), window, rows.provenance) if rows else ()


def pulse_of(kept: Kept) -> tuple[Series, ...]:
    """The same of a pulse that was kept as evidence."""
    asked, window = kept.frozen, kept.frozen.window
    if window is None:
        return ()
    rows = [dict(zip(kept.columns, row, strict=True)) for row in kept.rows]
    return _series(rows, window, Provenance(asked.sql, asked.parameters, window, asked.rows, 0.0))


def counted(store: Store, window: Window, *, scope: Scope = Scope()) -> Rows | None:  # noqa: B008 - frozen
    """What the pulse is drawn from: a row for each bucket in which anything was; None where there is nothing."""
    holdings, reader = store.survey()
    step = max(1, round(window.seconds / BUCKETS))
    for sql, signals in ((_REQUESTS, {Signal.SPANS, Signal.LOGS}), (_LINES, {Signal.LOGS})):
        if signals & holdings.signals:
            rows = reader.query(sql, {"step_ns": step * 1_000_000_000}, window, scope=scope)
            if len(rows):
                return rows
    return None


def _series(rows: Sequence[Mapping[str, Any]], window: Window, asked: Provenance) -> tuple[Series, ...]:
    """The pulse of counted buckets."""
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
