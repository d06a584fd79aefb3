"""Events of Splunk: pages that go back in time, each event once; only a search is run."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from clouds import splunk as system_of
from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.window import Window
from lastgood.outside.connectors import splunk as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from systems import System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)), select="index=shop")


def test_each_event_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though events of one millisecond are on two pages, and two say the same."""
    monkeypatch.setattr(connector, "LINES_AT_ONCE", 10)
    events = [(f"2026-11-30T01:00:0{n // 4}.500+00:00", f"line {n % 30}") for n in range(35)]
    with running(system_of(events)) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    rows = [
        orjson.loads(line) for one in found if isinstance(one, Document) for line in one.content.splitlines()
    ]
    assert sorted(text for _, text in events) == sorted(row["_raw"] for row in rows)
    assert {"_time", "_raw", "host", "source", "sourcetype", "index"} == rows[0].keys()


@pytest.mark.parametrize("select", ["", "index=a | delete", "index=a [search index=b | outputlookup x]"])
def test_only_a_search_is_run(select: str) -> None:
    """A command could write."""
    with Wire("http://127.0.0.1:9") as wire, pytest.raises(UsageError, match="a search without commands"):
        list(connector.fetch(wire, Asking(ASKING.window, select=select)))


def test_a_search_that_is_refused_says_why() -> None:
    """Splunk answers 200 all the same."""
    fatal = orjson.dumps({"messages": [{"type": "FATAL", "text": "Unknown index"}]}) + b"\n"
    with (
        running(System({"/services/search/v2/jobs/export": lambda _: (200, {}, fatal)})) as url,
        Wire(url) as wire,
        pytest.raises(NotFetchedError, match="refuses the search: Unknown index"),
    ):
        list(connector.fetch(wire, ASKING))


def test_times_are_written_as_splunk_reads_them() -> None:
    """Its usual time_format, `%FT%T.%Q%:z`, has milliseconds."""
    system = system_of([])
    with running(system) as url, Wire(url) as wire:
        list(connector.fetch(wire, ASKING))

    given = system.asked[0][1]
    assert ("2026-11-30T01:00:00.000+00:00", "2026-11-30T03:00:00.000+00:00") == (
        given["earliest_time"],
        given["latest_time"],
    )


def test_what_it_holds() -> None:
    """One event is enough."""
    for events, empty in (([("2026-11-30T01:30:00.000+00:00", "x")], False), ([], True)):
        with running(system_of(events)) as url, Wire(url) as wire:
            assert empty is connector.holds(wire, ASKING).empty
