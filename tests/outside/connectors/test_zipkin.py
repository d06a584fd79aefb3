"""Traces of Zipkin: windows by their ends, and a cut that is said."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.model.window import Window
from lastgood.outside.connectors import _by_service
from lastgood.outside.connectors import zipkin as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from systems import running, zipkin, zipkin_trace

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
US = int(START.timestamp()) * 10**6


def test_spans_of_every_part_of_the_window_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest of each; that there are more is said."""
    monkeypatch.setattr(_by_service, "TRACES", 2)
    monkeypatch.setattr(connector, "TRACES", 2)
    many = [(US + (30 + n * 60) * 10**6, zipkin_trace(f"{n:032x}", US, "web")) for n in range(120)]
    with running(zipkin({"web": many})) as url, Wire(url) as wire:
        document, limit = list(connector.fetch(wire, Asking(WINDOW)))

    assert isinstance(document, Document)
    assert isinstance(limit, Limit)
    assert 24 == len(orjson.loads(document.content))
    assert "traces of web are cut off, 2 in each of 12 parts" in limit.sentence


def test_an_annotation_query_chooses() -> None:
    """It is Zipkin's own."""
    system = zipkin({"web": []})
    with running(system) as url, Wire(url) as wire:
        list(connector.fetch(wire, Asking(WINDOW, select="error")))
        held = connector.holds(wire, Asking(WINDOW))

    assert ("error", "traces of 1 service") == (system.asked[1][1]["annotationQuery"], held.sentence)
