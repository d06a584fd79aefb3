"""Traces of each service, each once; a cut is said."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import _by_service
from lastgood.outside.connectors import jaeger as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from systems import jaeger, jaeger_trace, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
US = int(START.timestamp()) * 10**6


def test_a_trace_of_two_services_comes_once() -> None:
    """Whoever is asked for it first."""
    shared = (US, jaeger_trace("0a" * 16, US, "web"))
    with running(jaeger({"web": [shared], "cart": [shared], "jaeger": [shared]})) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    assert ["traces-cart.json"] == [one.name for one in found if isinstance(one, Document)]


def test_a_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the service; all parts of the window are seen."""
    monkeypatch.setattr(_by_service, "TRACES", 2)
    monkeypatch.setattr(connector, "TRACES", 2)
    many = [(US + n * 60 * 10**6, jaeger_trace(f"{n:032x}", US, "web/1")) for n in range(120)]
    with running(jaeger({"web/1": many})) as url, Wire(url) as wire:
        one, limit = list(connector.fetch(wire, Asking(WINDOW)))

    assert isinstance(one, Document)
    assert isinstance(limit, Limit)
    assert ("traces-web_1.json", 24) == (one.name, len(orjson.loads(one.content)["data"]))
    assert "traces of web/1 are cut off, 2 in each of 12 parts" in limit.sentence


def test_a_service_that_is_not_there_is_an_error() -> None:
    """Nothing is fetched instead."""
    with (
        running(jaeger({"web": []})) as url,
        Wire(url) as wire,
        pytest.raises(NotFetchedError, match="no traces"),
    ):
        list(connector.fetch(wire, Asking(WINDOW, services=("carts",))))
