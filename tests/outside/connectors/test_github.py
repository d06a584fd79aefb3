"""Deployments and commits: which are asked for, and what is missing."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.outside.connectors import github as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Bounds, Wire
from systems import System, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def deployment(number: int, at: str) -> object:
    """One of the list."""
    return {"id": number, "sha": "a" * 40, "ref": "v1", "environment": "production", "created_at": at}


def test_old_deployments_are_not_looked_up() -> None:
    """Only those of the window and the day before have their statuses; the requests run out with a sentence."""
    old, new = deployment(1, "2026-11-20T01:00:00Z"), deployment(2, "2026-11-30T00:00:00Z")
    commits = [{"sha": f"{n:040x}", "commit": {"message": "x"}} for n in range(5)]
    system = System(
        {
            "/repos/shop/web/deployments": lambda _: [new, old],
            "/repos/shop/web/deployments/2/statuses": lambda _: [{"id": 3, "state": "success"}],
            "/repos/shop/web/commits": lambda _: commits,
            **{
                f"/repos/shop/web/commits/{one['sha']}": lambda _: {"sha": "x", "files": []}
                for one in commits
            },
        }
    )
    with running(system) as url, Wire(url, bounds=Bounds(requests=6)) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, target="shop/web")))

    first = next(one for one in found if isinstance(one, Document))
    assert [[{"id": 3, "state": "success"}]] == [one["statuses"] for one in orjson.loads(first.content)]
    assert ["3 of 5 commits came without their files"] == [o.sentence for o in found if isinstance(o, Limit)]


def test_a_repository_must_be_named() -> None:
    """As owner/repository."""
    with Wire("http://127.0.0.1:9") as wire, pytest.raises(UsageError, match="owner/repository"):
        list(connector.fetch(wire, Asking(WINDOW, target="web")))
