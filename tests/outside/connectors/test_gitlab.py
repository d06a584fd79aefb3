"""Deployments and commits of a project: which are asked for, and what is missing."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.outside.connectors import gitlab as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Bounds, Wire
from systems import running
from vendors import GITLAB_COMMIT, GITLAB_DEPLOYMENT, GITLAB_DIFF, gitlab

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)), target="shop/web")


def test_all_pages_of_deployments_come() -> None:
    """Those of the day before too; the project's path is one part of the address."""
    system = gitlab([GITLAB_DEPLOYMENT | {"id": number} for number in range(150)], [])
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    pages = [orjson.loads(one.content) for one in found if isinstance(one, Document)]
    assert [100, 50] == [len(page) for page in pages]
    assert "shop/web" == pages[0][0]["project"]
    assert "2026-11-29T01:00:00+00:00" == system.asked[0][1]["updated_after"]


def test_only_environments_that_are_wanted() -> None:
    """Named as parts."""
    staging = GITLAB_DEPLOYMENT | {"environment": {"name": "staging"}}
    asking = Asking(ASKING.window, target="shop/web", parts=("production",))
    with running(gitlab([staging, GITLAB_DEPLOYMENT], [])) as url, Wire(url) as wire:
        (found,) = list(connector.fetch(wire, asking))

    assert isinstance(found, Document)
    assert ["production"] == [one["environment"]["name"] for one in orjson.loads(found.content)]


def test_commits_without_their_files_are_said() -> None:
    """When the requests run out, or GitLab refuses a diff."""
    commits = [GITLAB_COMMIT | {"id": f"{number:040x}"} for number in range(5)]
    system = gitlab([GITLAB_DEPLOYMENT], commits)
    with running(system) as url, Wire(url, bounds=Bounds(requests=5)) as wire:
        found = list(connector.fetch(wire, ASKING))
    system.routes = {path: route for path, route in system.routes.items() if "/diff" not in path}
    with running(system) as url, Wire(url, bounds=Bounds(tries=1)) as wire:
        refused = list(connector.fetch(wire, ASKING))

    listed = orjson.loads(
        next(o.content for o in found if isinstance(o, Document) and o.name == "commits.json")
    )
    assert [1, 1, 0, 0, 0] == [len(one.get("files", ())) for one in listed]
    assert ["3 of 5 commits came without their files: the limit of requests is used up"] == [
        o.sentence for o in found if isinstance(o, Limit)
    ]
    (limit,) = (one.sentence for one in refused if isinstance(one, Limit))
    assert limit.startswith("5 of 5 commits came without their files: http")


def test_a_commit_of_more_files_than_a_page_is_said() -> None:
    """Its other files are not known."""
    system = gitlab([], [GITLAB_COMMIT])
    path = f"/projects/shop%2Fweb/repository/commits/{GITLAB_COMMIT['id']}/diff"
    system.routes = {**system.routes, path: lambda _: [GITLAB_DIFF] * 100}
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, ASKING))

    assert ["1 commit came with 100 files, and may have more"] == [
        o.sentence for o in found if isinstance(o, Limit)
    ]


def test_a_project_must_be_named() -> None:
    """With its group."""
    with Wire("http://127.0.0.1:9") as wire, pytest.raises(UsageError, match="group/project"):
        list(connector.fetch(wire, Asking(ASKING.window, target="web")))


def test_a_token_that_may_push_is_said() -> None:
    """Reading needs less."""
    with running(gitlab([GITLAB_DEPLOYMENT], [])) as url, Wire(url) as wire:
        held = connector.holds(wire, ASKING)

    assert (False, "push to shop/web") == (held.empty, held.excess)
