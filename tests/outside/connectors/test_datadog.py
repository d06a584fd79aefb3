"""Metrics and log events of Datadog: what is asked for, and what is missing."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from clouds import DATADOG_EVENT
from clouds import datadog as system_of
from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import datadog as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Bounds, Wire
from systems import Answer, System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
REFUSED: Answer = (403, {}, b"Forbidden")


def fetched(system: System, **asking: object) -> list[Document | Limit]:
    """What comes."""
    with running(system) as url, Wire(url, bounds=Bounds(tries=1)) as wire:
        return list(connector.fetch(wire, Asking(WINDOW, **asking)))  # type: ignore[arg-type]


def test_tags_choose_metrics_and_log_events() -> None:
    """Counts are summed by service, others are means; a name that could change the question is not asked for."""
    system = system_of(["system.cpu.user", "trace.http.request.hits", "a{*},b", "datadog.agent.running"], [])
    fetched(system, select="env:prod,team:shop", services=("web", "cart"), target="main")
    asked = dict(system.asked)

    assert "env:prod AND team:shop" == asked["/api/v1/metrics"]["tag_filter"]
    assert (
        "sum:trace.http.request.hits{env:prod,team:shop} by {service}.as_count(),"
        "avg:system.cpu.user{env:prod,team:shop} by {service}"
    ) == asked["/api/v1/query"]["query"]
    search = orjson.loads(asked["/api/v2/logs/events/search"]["body"])
    assert ("env:prod team:shop service:(web OR cart)", ["main"], "-timestamp") == (
        search["filter"]["query"], search["filter"]["indexes"], search["sort"]
    )  # fmt: skip


def test_all_pages_of_events_come() -> None:
    """By the cursor of the one before."""
    found = fetched(system_of([], [DATADOG_EVENT] * 2500))

    assert [1000, 1000, 500] == [
        len(orjson.loads(one.content)["data"]) for one in found if isinstance(one, Document)
    ]


def test_metrics_that_do_not_fit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out tells least."""
    monkeypatch.setattr(connector, "NAMES", 1)
    found = fetched(system_of(["go.x", "trace.http.request.errors"], []))

    assert ["1 of 2 metrics were left out, such as go.x"] == [
        one.sentence for one in found if isinstance(one, Limit)
    ]


@pytest.mark.parametrize(
    ("path", "said"), [("/api/v1/metrics", "metrics"), ("/api/v2/logs/events/search", "log events")]
)
def test_one_part_that_is_refused_costs_only_itself(path: str, said: str) -> None:
    """Both are an error."""
    system = system_of(["trace.http.request.hits"], [DATADOG_EVENT])
    system.routes = {**system.routes, path: lambda _: REFUSED}
    found = fetched(system)

    assert 1 == sum(isinstance(one, Document) for one in found)
    assert [True] == [
        one.sentence.startswith(f"{said} did not come") for one in found if isinstance(one, Limit)
    ]
    system.routes = dict.fromkeys(system.routes, lambda _: REFUSED)
    with pytest.raises(NotFetchedError, match="403"):
        fetched(system)


def test_answers_in_part_are_said() -> None:
    """A query with an error of its own, and a search that timed out."""
    system = system_of(["trace.http.request.hits"], [])
    system.routes = {
        **system.routes,
        "/api/v1/query": lambda _: {"status": "error", "error": "Rate limit"},
        "/api/v2/logs/events/search": lambda _: {"data": [], "meta": {"status": "timeout"}},
    }
    assert [
        "1 metric did not come, such as trace.http.request.hits: Rate limit",
        "Datadog answered in part: the search timed out",
    ] == [one.sentence for one in fetched(system) if isinstance(one, Limit)]


def test_what_it_holds() -> None:
    """Names of metrics."""
    with running(system_of(["a.b"], [])) as url, Wire(url) as wire:
        assert "1 metric" == connector.holds(wire, Asking(WINDOW)).sentence
