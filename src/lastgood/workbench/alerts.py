"""Alerts: what rang while users were affected, and what rang first."""

from lastgood.model.answers import Onset
from lastgood.model.entry import FiredAlert
from lastgood.model.window import Window
from lastgood.readings.views.history import fired_alerts
from lastgood.telemetry.reader import Rows
from lastgood.workbench.store import Store


def fired(store: Store, onset: Onset, window: Window) -> Rows:
    """Alerts that began to fire between the earliest possible onset and the end of what is looked at."""
    _, reader = store.survey()
    return fired_alerts(reader, Window(min(onset.low, onset.at), max(window.end, onset.high)))


def first_of(rows: Rows) -> FiredAlert | None:
    """The one that rang first; None when nothing did."""
    first = next(iter(rows.dicts()), None)
    return FiredAlert(first["name"], first["service"] or None, first["ts"]) if first else None
