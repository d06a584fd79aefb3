"""What it gives is in the suite for all connectors; here: what it does not."""

from datetime import UTC, datetime, timedelta

from lastgood.model.window import Window
from lastgood.outside.connectors import alertmanager as connector
from lastgood.outside.connectors._registry import Asking
from lastgood.outside.connectors.wire import Wire
from systems import System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


def test_no_alert_is_no_file() -> None:
    """An empty list says nothing."""
    with running(System({"/api/v2/alerts": lambda _: []})) as url, Wire(url) as wire:
        assert not list(connector.fetch(wire, Asking(Window(START, START + timedelta(hours=2)))))
