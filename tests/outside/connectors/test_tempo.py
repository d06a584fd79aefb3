"""Traces as examples, failing ones and others, said to be that."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.attributes import CHOSEN
from lastgood.model.window import Window
from lastgood.outside.connectors import tempo as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.limits import LOOKUPS, SEARCHED_PARTS
from lastgood.outside.connectors.wire import Wire
from systems import System, Trace, running, tempo

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def trace(number: int, *, failed: bool = False, second: int = 0) -> Trace:
    """A trace of one span in the window."""
    at = (int(START.timestamp()) + second) * 10**9
    spans = [{"failed": failed, "second": second}]
    return Trace(f"{number:032x}", at, at + 10**6, frozenset({failed}), frozenset({"web"}), spans)


def chosen(traces: list[Trace], services: tuple[str, ...] = ()) -> tuple[list[Any], list[str], System]:
    """The traces that come, what is missing, and the system."""
    system = tempo(traces)
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, services)))
    lines = [line for one in found if isinstance(one, Document) for line in one.content.splitlines()]
    documents = [orjson.loads(line)["resourceSpans"] for line in lines]
    return documents, [one.sentence for one in found if isinstance(one, Limit)], system


def test_failing_and_working_traces_are_examples() -> None:
    """No more than the limit of lookups, half of them failing; they are marked, and the card learns of it."""
    found, missing, system = chosen([trace(n, failed=n % 2 == 0) for n in range(100)], services=("web",))

    assert LOOKUPS == len(found)
    assert LOOKUPS // 2 == sum(one[0]["failed"] for one in found)
    assert all(CHOSEN in str(one) for one in found)
    assert ["count no requests" in one for one in missing] == [True]
    assert '{ status = error && (resource.service.name = "web") }' == system.asked[0][1]["q"]


def test_they_are_of_the_whole_window() -> None:
    """Also where the newest alone would be enough: what was good before is there to compare with."""
    per_part = LOOKUPS + 1
    length = int(WINDOW.seconds) // SEARCHED_PARTS
    found, _, _ = chosen(
        [
            trace(part * per_part + n, second=part * length + 60 + n)
            for part in range(SEARCHED_PARTS)
            for n in range(per_part)
        ]
    )

    seconds = [one[0]["second"] for one in found]
    assert {*range(SEARCHED_PARTS)} == {second // length for second in seconds}


def test_all_traces_of_a_window_are_no_sample() -> None:
    """Where all fit, they count as they are."""
    found, missing, _ = chosen([trace(n, failed=n == 0) for n in range(LOOKUPS)])

    assert LOOKUPS == len(found)
    assert [] == missing
    assert CHOSEN not in str(found)


def test_no_traces_is_an_error() -> None:
    """Not an empty answer."""
    with running(tempo([])) as url, Wire(url) as wire, pytest.raises(NotFetchedError, match="no traces"):
        list(connector.fetch(wire, Asking(WINDOW)))
