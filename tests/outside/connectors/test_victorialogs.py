"""Entries of VictoriaLogs: pages that go back in time, each entry once."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.model.window import Window
from lastgood.outside.connectors import victorialogs as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from systems import running, victorialogs

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def test_each_entry_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of one nanosecond may be on two pages; what is outside the window is not there."""
    monkeypatch.setattr(connector, "LINES_AT_ONCE", 10)
    lines = [
        (f"2026-11-30T01:00:0{number // 5}.{'123456789' if number % 2 else '5'}Z", f"line {number}")
        for number in range(33)
    ]
    with running(victorialogs([*lines, ("2026-11-30T04:00:00Z", "later")])) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    texts = [
        orjson.loads(line)["_msg"]
        for one in found
        if isinstance(one, Document)
        for line in one.content.splitlines()
    ]
    assert len(found) > 3
    assert sorted(f"line {number}" for number in range(33)) == sorted(texts)


def test_filters_and_services_choose() -> None:
    """A name cannot leave its quotes."""
    system = victorialogs([])
    with running(system) as url, Wire(url) as wire:
        list(connector.fetch(wire, Asking(WINDOW, select="error or warn", services=("web", 'a" or "b'))))

    assert (
        '(error or warn) ("service.name":="web" or "service.name":="a\\" or \\"b") | sort by (_time desc) limit 5000'
        == system.asked[0][1]["query"]
    )


def test_what_it_holds() -> None:
    """One entry is enough."""
    for lines, empty in (([("2026-11-30T01:30:00Z", "x")], False), ([], True)):
        with running(victorialogs(lines)) as url, Wire(url) as wire:
            assert empty is connector.holds(wire, Asking(WINDOW)).empty
