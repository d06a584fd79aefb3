"""Errors and releases of a project of Sentry: pages, and which releases."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.outside.connectors import sentry as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from systems import running
from vendors import SENTRY_EVENT, SENTRY_RELEASE, sentry

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)), target="shop/web")


def test_all_pages_of_errors_come() -> None:
    """The header names a next page behind the last one too, without results."""
    system = sentry([SENTRY_EVENT | {"eventID": f"{n:032x}"} for n in range(250)], [])
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    assert [100, 100, 50] == [len(orjson.loads(one.content)) for one in found if isinstance(one, Document)]
    assert ("2026-11-30T01:00:00", "true") == (system.asked[1][1]["start"], system.asked[1][1]["full"])


def test_releases_of_other_projects_and_of_before_are_left() -> None:
    """A release of last week that was deployed tonight is one of tonight."""
    other = SENTRY_RELEASE | {"projects": [{"slug": "cart"}]}
    old = SENTRY_RELEASE | {"version": "old", "dateCreated": "2026-11-20T00:00:00Z", "lastDeploy": None}
    late = SENTRY_RELEASE | {"version": "late", "dateCreated": "2026-11-20T00:00:00Z"}
    with running(sentry([], [SENTRY_RELEASE, other, late, old])) as url, Wire(url) as wire:
        (found,) = list(connector.fetch(wire, ASKING))

    assert isinstance(found, Document)
    assert ["web@2.4.1", "late"] == [one["version"] for one in orjson.loads(found.content)]


def test_more_releases_than_a_page_are_said() -> None:
    """Only if those that are missing could be of the window."""
    with running(sentry([SENTRY_EVENT], [SENTRY_RELEASE] * 100)) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    assert ["releases before 2026-11-30T01:15:08.033Z were left out"] == [
        one.sentence for one in found if isinstance(one, Limit)
    ]


@pytest.mark.parametrize("target", ["web", "shop/", "shop/web/x"])
def test_a_project_must_be_named(target: str) -> None:
    """With its organization."""
    with Wire("http://127.0.0.1:9") as wire, pytest.raises(UsageError, match="organization/project"):
        list(connector.fetch(wire, Asking(ASKING.window, target=target)))


def test_a_token_that_may_change_the_project_is_said() -> None:
    """Reading needs less."""
    system = sentry([SENTRY_EVENT], [])
    with running(system) as url, Wire(url) as wire:
        reads = connector.holds(wire, ASKING)
        system.routes = {
            **system.routes, "/projects/shop/web/": lambda _: {"access": ["project:read", "project:write"]}
        }  # fmt: skip
        writes = connector.holds(wire, ASKING)

    assert ("errors of web", "", "project:write") == (reads.sentence, reads.excess, writes.excess)
