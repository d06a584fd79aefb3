"""A sample of traces, failing ones first, said to be one."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import tempo as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.limits import LOOKUPS
from lastgood.outside.connectors.wire import Wire
from systems import Trace, running, tempo

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def trace(number: int, *, failed: bool = False, second: int = 0) -> Trace:
    """A trace of one span in the window."""
    at = (int(START.timestamp()) + second) * 10**9
    return Trace(f"{number:032x}", at, at + 10**6, frozenset({failed}), frozenset({"web"}), [])


def test_failing_and_working_traces_are_a_sample() -> None:
    """No more than the limit of lookups, and the card learns of it."""
    system = tempo([trace(n, failed=n % 2 == 0) for n in range(100)])
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, services=("web",))))

    documents = [one for one in found if isinstance(one, Document)]
    assert len(documents) == LOOKUPS
    assert [True] == ["are a sample" in one.sentence for one in found if isinstance(one, Limit)]
    assert '{ status = error && (resource.service.name = "web") }' == system.asked[0][1]["q"]


def test_no_traces_is_an_error() -> None:
    """Not an empty answer."""
    with running(tempo([])) as url, Wire(url) as wire, pytest.raises(NotFetchedError, match="no traces"):
        list(connector.fetch(wire, Asking(WINDOW)))
