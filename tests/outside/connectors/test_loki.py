"""Pages of lines: none twice, none lost between pages, and what is left out is said."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import loki as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Bounds, Wire
from systems import loki, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
NS = int(START.timestamp()) * 10**9


def texts(found: list[Document | Limit]) -> list[str]:
    """All lines, sorted."""
    answers = [orjson.loads(one.content) for one in found if isinstance(one, Document)]
    return sorted(text for a in answers for stream in a["data"]["result"] for _, text in stream["values"])


def test_pages_meet_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a page ends between lines of one instant."""
    monkeypatch.setattr(connector, "LINES_AT_ONCE", 4)
    lines = [(NS + n // 3, "web" if n % 2 else "cart", f"line {n:02}") for n in range(11)]
    with running(loki(lines)) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    assert [f"line {n:02}" for n in range(11)] == texts(found)


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time from which on lines are whole; a page that fails likewise."""
    monkeypatch.setattr(connector, "LINES_AT_ONCE", 2)
    monkeypatch.setattr(connector, "PAGES", 2)
    lines = [(NS + n * 60 * 10**9, "web", f"line {n}") for n in range(9)]
    with running(loki(lines)) as url:
        with Wire(url) as wire:
            found = list(connector.fetch(wire, Asking(WINDOW)))
        with Wire(url, bounds=Bounds(requests=2)) as wire:
            short = list(connector.fetch(wire, Asking(WINDOW)))

    assert ["log lines before 01:06:00 UTC were left out: 2 pages of 2 lines are read"] == [
        one.sentence for one in found if isinstance(one, Limit)
    ]
    assert "limit of 2 requests" in next(one.sentence for one in short if isinstance(one, Limit))


def test_services_and_selectors_choose() -> None:
    """A service by the label that says whose a line is; a selector as it was written."""
    system = loki([(NS, "web", "a")], label="app")
    with running(system) as url, Wire(url) as wire:
        list(connector.fetch(wire, Asking(WINDOW, services=("web", "cart"))))
        list(connector.fetch(wire, Asking(WINDOW, select='namespace="shop"')))

    queries = [given["query"] for path, given in system.asked if path.endswith("query_range")]
    assert ['{app=~"web|cart"}', '{namespace="shop"}'] == queries


def test_no_labels_is_no_data() -> None:
    """An error, not an empty answer."""
    with (
        running(loki([], label="")) as url,
        Wire(url) as wire,
        pytest.raises(NotFetchedError, match="no log lines"),
    ):
        list(connector.fetch(wire, Asking(WINDOW)))
