"""Pulse: errors, latency, traffic and saturation over time, for charts."""

from lastgood.errors import BudgetError
from lastgood.model.evidence import Provenance, Series
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.pulse import counted as buckets
from lastgood.readings.views.pulse import series_of
from lastgood.readings.views.saturation import fullest, used_over_time
from lastgood.telemetry.reader import Rows
from lastgood.workbench.evidence import Kept
from lastgood.workbench.store import Store


def pulse(store: Store, window: Window, *, scope: Scope = Scope()) -> tuple[Series, ...]:  # noqa: B008 - frozen
    """Failing share, slow tail (ms) and rate (a second) of requests; without requests, of log lines.

    A bucket without events has a rate of zero, and neither a share nor a tail.
    """
    rows = counted(store, window, scope=scope)
    return series_of(rows.dicts(), window, rows.provenance) if rows else ()


def pulse_of(kept: Kept) -> tuple[Series, ...]:
    """The same of a pulse that was kept as evidence."""
    asked, window = kept.frozen, kept.frozen.window
    if window is None:
        return ()
    rows = [dict(zip(kept.columns, row, strict=True)) for row in kept.rows]
    return series_of(rows, window, Provenance(asked.sql, asked.parameters, window, asked.rows, 0.0))


def counted(store: Store, window: Window, *, scope: Scope = Scope()) -> Rows | None:  # noqa: B008 - frozen
    """What the pulse is drawn from: a row for each bucket in which anything was; None where there is nothing."""
    holdings, reader = store.survey()
    return buckets(reader, holdings.signals, window, scope)


def full(store: Store, window: Window, comparison: Comparison | None, *, risen: bool) -> Rows | None:
    """What the chart of saturation is drawn from: the resource that rose most; None where none can be drawn."""
    holdings, reader = store.survey()
    if Signal.METRICS not in holdings.signals:
        return None
    try:
        return fullest(reader, window, comparison, risen=risen)
    except BudgetError:
        return None


def full_of(kept: Kept) -> Series | None:
    """The same of rows that were kept as evidence."""
    asked, window = kept.frozen, kept.frozen.window
    if window is None:
        return None
    rows = [dict(zip(kept.columns, row, strict=True)) for row in kept.rows]
    return used_over_time(rows, window, Provenance(asked.sql, asked.parameters, window, asked.rows, 0.0))
