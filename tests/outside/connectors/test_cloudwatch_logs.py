"""Events of CloudWatch Logs: pages of queries, and queries that do not end."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from clouds import cloudwatch_logs as system_of
from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import cloudwatch_logs as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from systems import System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
SECONDS = int(START.timestamp())


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "an-example")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")


def fetched(system: System, **asking: object) -> list[Document | Limit]:
    """What comes, without waiting."""
    with running(system) as url, Wire(url, sleep=lambda _: None) as wire:
        return list(connector.fetch(wire, Asking(WINDOW, **asking)))  # type: ignore[arg-type]


def test_each_event_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the second at which a page ends is asked for again."""
    monkeypatch.setattr(connector, "_EVENTS", 10)
    found = fetched(system_of([(SECONDS + number // 4, f"line {number}") for number in range(35)]))

    pages = [orjson.loads(one.content)["events"] for one in found if isinstance(one, Document)]
    assert {f"line {number}" for number in range(35)} == {one["message"] for page in pages for one in page}
    assert 35 == sum(map(len, pages))
    event = pages[0][0]
    assert ("2026-11-30T01:00:08.000Z", "/ecs/web", "web") == (
        event["timestamp"],
        event["logGroup"],
        event["functionName"],
    )


def test_a_filter_and_groups_are_those_that_are_named() -> None:
    """And none is looked for."""
    system = system_of([(SECONDS, "x")])
    fetched(system, parts=("/ecs/web", "/ecs/cart"), select="@message like /x/")
    asked = orjson.loads(system.asked[0][1]["body"])

    assert ["/ecs/web", "/ecs/cart"] == asked["logGroupNames"]
    assert " | filter @message like /x/ | sort @timestamp desc" in asked["queryString"]


@pytest.mark.parametrize(
    ("states", "said"), [(["Failed"], "ended as Failed"), (["Running"] * 8, "did not end in time")]
)
def test_a_query_that_gives_nothing_says_why(states: list[str], said: str) -> None:
    """It is no empty answer."""
    with pytest.raises(NotFetchedError, match=said):
        fetched(system_of([(SECONDS, "x")], states=states))


def test_more_groups_than_a_query_reads_are_said() -> None:
    """With the last one that is read; no group at all is an error."""
    system = system_of([(SECONDS, "x")])
    whole = system.routes["/"]

    def groups(*names: str) -> System:
        listed = {
            "logGroups": [{"logGroupName": name} for name in names],
            "nextToken": "more" if names else None,
        }
        return System({"/": lambda given: listed if "Describe" in given["target"] else whole(given)})

    (limit, _) = fetched(groups(*(f"/g{number:02}" for number in range(50))))
    assert isinstance(limit, Limit)
    assert "log groups behind /g49 were left out: name them in parts" == limit.sentence
    with pytest.raises(NotFetchedError, match="no log group that begins with '/x'"):
        fetched(groups(), target="/x")


def test_what_it_holds() -> None:
    """Groups, and not their events: a query costs money."""
    with running(system_of([])) as url, Wire(url) as wire:
        assert "1 log group" == connector.holds(wire, Asking(WINDOW)).sentence
