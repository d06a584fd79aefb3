"""Conversations of Intercom: all pages of a search."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import intercom as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from platforms import INTERCOM_CONVERSATION, intercom
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)))


def test_all_pages_come() -> None:
    """Of the window, the newest first."""
    system = intercom([INTERCOM_CONVERSATION] * 200)
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    assert [150, 50] == [
        len(orjson.loads(one.content)["conversations"]) for one in found if isinstance(one, Document)
    ]
    asked = orjson.loads(system.asked[0][1]["body"])
    assert [(">", 1796000399), ("<", 1796007601)] == [
        (one["operator"], one["value"]) for one in asked["query"]["value"]
    ]
    assert "descending" == asked["sort"]["order"]


def test_what_it_holds() -> None:
    """No conversation is as it should be."""
    with running(intercom([])) as url, Wire(url) as wire:
        held = connector.holds(wire, ASKING)

    assert ("0 recent conversations", False) == (held.sentence, held.empty)
