"""Tickets of Zendesk: all pages of a search."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import zendesk as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from platforms import ZENDESK_TICKET, zendesk
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)), select="tags:checkout")


def test_all_pages_come() -> None:
    """Of the window, and of what is chosen beside it."""
    system = zendesk([ZENDESK_TICKET] * 150)
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    assert [100, 50] == [
        len(orjson.loads(one.content)["results"]) for one in found if isinstance(one, Document)
    ]
    assert (
        "type:ticket created>=2026-11-30T01:00:00Z created<=2026-11-30T03:00:00Z tags:checkout"
        == system.asked[0][1]["query"]
    )


def test_what_it_holds() -> None:
    """No ticket is as it should be."""
    with running(zendesk([])) as url, Wire(url) as wire:
        held = connector.holds(wire, ASKING)

    assert ("0 recent tickets", False) == (held.sentence, held.empty)
