"""Feeds: what is one, and how far it reaches back."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import feed as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from platforms import ATOM, RSS, feed
from systems import System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)))


def test_a_feed_is_asked_for_at_its_own_address() -> None:
    """No slash is put behind it; that it begins after the window is said."""
    system = System({"/history.atom": lambda _: (200, {}, ATOM)})
    with running(system) as url, Wire(f"{url}/history.atom") as wire:
        document, limit = list(connector.fetch(wire, ASKING))

    assert isinstance(document, Document)
    assert isinstance(limit, Limit)
    assert (ATOM, "Payments: entries before 2026-11-30 01:40 UTC are not in the feed") == (
        document.content,
        limit.sentence,
    )


def test_a_page_is_no_feed() -> None:
    """It is an error, not an empty feed."""
    with running(feed(b"<html><body>log in</body></html>")) as url, Wire(url) as wire:
        assert not connector.detect(wire)
        with pytest.raises(NotFetchedError, match="not with a feed"):
            list(connector.fetch(wire, ASKING))


def test_a_feed_without_entries_is_nothing() -> None:
    """As it should be on a status page."""
    empty = b'<rss version="2.0"><channel><title>Cards</title></channel></rss>'
    with running(feed(empty)) as url, Wire(url) as wire:
        assert [] == list(connector.fetch(wire, ASKING))
        assert ("0 entries of Cards", False) == (
            connector.holds(wire, ASKING).sentence,
            connector.holds(wire, ASKING).empty,
        )
    with running(feed(RSS)) as url, Wire(url) as wire:
        assert connector.holds(wire, ASKING).sentence.startswith("2 entries of Amazon")
