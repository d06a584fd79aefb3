"""Alerts of Opsgenie: all pages of a search."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import opsgenie as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from platforms import OPSGENIE_ALERT, opsgenie
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def test_all_pages_come() -> None:
    """Of the window, and of what is chosen beside it."""
    system = opsgenie([OPSGENIE_ALERT] * 150)
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, select="tag: web")))

    assert [100, 50] == [len(orjson.loads(one.content)["data"]) for one in found if isinstance(one, Document)]
    assert (
        "createdAt >= 1796000400000 AND createdAt <= 1796007600000 AND (tag: web)"
        == system.asked[0][1]["query"]
    )


def test_what_it_holds() -> None:
    """None is as it should be."""
    with running(opsgenie([])) as url, Wire(url) as wire:
        held = connector.holds(wire, Asking(WINDOW))

    assert ("0 alerts", False) == (held.sentence, held.empty)
