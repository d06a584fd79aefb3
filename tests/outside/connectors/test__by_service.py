"""Traces service by service: what is asked for, and what is missing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import _by_service
from lastgood.outside.connectors._by_service import Traces, by_service
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)))


def shown(asking: Asking, held: dict[str, list[str]]) -> list[str]:
    """Names and traces of documents, and sentences; a service that holds nothing is down."""

    def ask(wire: Wire, service: str, window: Window) -> list[Any]:
        if not held[service]:
            raise NotFetchedError("down.")
        return held[service]

    with Wire("http://127.0.0.1:9") as wire:
        found = list(by_service(wire, asking, list(held), Traces(ask, str, orjson.dumps)))
    return [
        f"{one.name} {one.content.decode()}" if isinstance(one, Document) else one.sentence for one in found
    ]


def test_each_trace_comes_once_though_services_and_parts_share_it() -> None:
    """A service that fails costs only itself."""
    assert ['traces-a.json ["1","2"]', 'traces-b.json ["3"]', "traces of c did not come: down."] == shown(
        ASKING, {"b": ["2", "3"], "c": [], "a": ["1", "2"]}
    )


def test_services_that_are_too_many_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are named are asked for."""
    monkeypatch.setattr(_by_service, "SERVICES", 1)
    held = {"a": ["1"], "b": ["2"]}

    assert "traces of 1 service were left out: name some with --service" == shown(ASKING, held)[0]
    assert ['traces-b.json ["2"]'] == shown(Asking(ASKING.window, services=("b",)), held)
