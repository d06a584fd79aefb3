"""Changes of flags in LaunchDarkly: pages of twenty that go back in time."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import launchdarkly as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Access, Wire
from platforms import launchdarkly, launchdarkly_entry
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
MS = int(START.timestamp()) * 1000


def test_each_entry_comes_once() -> None:
    """Though entries of one millisecond are on two pages; those of two days before are not asked for."""
    entries = [launchdarkly_entry(n, MS + n // 4) for n in range(50)] + [
        launchdarkly_entry(99, MS - 172_800_000)
    ]
    with running(launchdarkly(entries)) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    ids = [
        one["_id"]
        for page in found
        if isinstance(page, Document)
        for one in orjson.loads(page.content)["items"]
    ]
    assert sorted(f"{n:024x}" for n in range(50)) == sorted(ids)


def test_more_than_its_pages_are_said() -> None:
    """With the time of the last one that came."""
    with running(launchdarkly([launchdarkly_entry(n, MS + n) for n in range(500)])) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    (limit,) = (one.sentence for one in found if isinstance(one, Limit))
    assert limit.startswith("changes of flags before ")
    assert limit.endswith("were left out: 20 pages are read")


def test_a_project_and_an_environment_choose() -> None:
    """The token is sent as it is."""
    system = launchdarkly([])
    access = Access(token="api-1", authorization=connector.CONNECTOR.authorization)  # noqa: S106 - an example
    with running(system) as url, Wire(url, access) as wire:
        list(connector.fetch(wire, Asking(WINDOW, target="shop", parts=("production",))))
        held = connector.holds(wire, Asking(WINDOW))

    assert ("proj/shop:env/production:flag/*", "proj/*:env/*:flag/*") == tuple(
        one["spec"] for _, one in system.asked
    )
    assert ("api-1", True) == (system.headers[0]["Authorization"], held.empty)
