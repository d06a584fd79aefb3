"""A real Prometheus: the chosen metrics of the window, whole or said to be left out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import prometheus as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.limits import ALL_SAMPLES, POINTS
from lastgood.outside.connectors.wire import Wire
from prometheus import exposition, prometheus

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server with two hours of a shop."""
    with prometheus(exposition(START.timestamp(), 7200, 30, 6000)) as url:
        yield url


def test_all_series_of_the_window_come(address: str) -> None:
    """Every label set with a point each step; a server without alerts gives none."""
    with Wire(address) as wire:
        assert connector.detect(wire)
        (one,) = list(connector.fetch(wire, Asking(WINDOW)))

    assert isinstance(one, Document)
    series = orjson.loads(one.content)["data"]["result"]
    assert 6 == len(series)
    assert {"checkout", "gateway", "payments"} == {one["metric"]["service"] for one in series}
    assert all(len(one["values"]) in {POINTS, POINTS + 1} for one in series)


def test_select_narrows(address: str) -> None:
    """The matchers of the settings, with or without braces."""
    with Wire(address) as wire:
        (one,) = list(connector.fetch(wire, Asking(WINDOW, select='{service="payments"}')))

    assert isinstance(one, Document)
    assert 2 == len(orjson.loads(one.content)["data"]["result"])


def test_a_window_without_metrics_is_an_error(address: str) -> None:
    """No data is no answer."""
    before = Window(START - timedelta(days=9), START - timedelta(days=8))
    with Wire(address) as wire, pytest.raises(NotFetchedError, match="no metrics in this window"):
        list(connector.fetch(wire, Asking(before)))


def test_what_does_not_fit_is_left_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The most telling metrics come first, and the number that is missing is said."""
    many = int(ALL_SAMPLES) // POINTS
    series = {
        "go_gc_seconds": 10,
        "http_requests_total": many - 10,
        "cart_colour": 20,
        "http_requests_bucket": 3,
    }
    monkeypatch.setattr(connector, "_series", lambda *_: series)
    asked: list[list[str]] = []

    def ranged(_wire: Wire, _asking: Asking, names: list[str], _step: float) -> bytes:
        asked.append(names)
        return b"{}"

    monkeypatch.setattr(connector, "_range", ranged)
    with Wire("http://127.0.0.1:9") as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    assert {"http_requests_total", "http_requests_bucket"} == {name for names in asked for name in names}
    limits = [one.sentence for one in found if isinstance(one, Limit)]
    assert "2 of 4 metrics (30 series) were left out, such as cart_colour" in limits[0]
    assert any("alerts did not come" in sentence for sentence in limits)
