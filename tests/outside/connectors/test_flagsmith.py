"""Changes of flags in Flagsmith: pages until they are older than asked for."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.outside.connectors import flagsmith as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from platforms import FLAGSMITH_ENTRY, flagsmith
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
OLD = FLAGSMITH_ENTRY | {"created_date": "2026-11-20T00:00:00.000000Z"}


def test_pages_are_read_until_they_are_older() -> None:
    """The log cannot be asked for a time."""
    system = flagsmith([FLAGSMITH_ENTRY] * 150 + [OLD] * 500)
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, target="7")))

    assert [100, 50] == [
        len(orjson.loads(one.content)["results"]) for one in found if isinstance(one, Document)
    ]
    assert 2 == len(system.asked)


def test_environments_choose() -> None:
    """What is of all environments counts for each."""
    staging = FLAGSMITH_ENTRY | {"environment": {"name": "Staging"}, "id": 1}
    whole = FLAGSMITH_ENTRY | {"environment": None, "id": 2}
    with running(flagsmith([FLAGSMITH_ENTRY, staging, whole])) as url, Wire(url) as wire:
        (found,) = list(connector.fetch(wire, Asking(WINDOW, target="7", parts=("Production",))))
        held = connector.holds(wire, Asking(WINDOW, target="7"))

    assert isinstance(found, Document)
    assert [5, 2] == [one["id"] for one in orjson.loads(found.content)["results"]]
    assert not held.empty


def test_a_project_must_be_named() -> None:
    """By its number."""
    with Wire("http://127.0.0.1:9") as wire, pytest.raises(UsageError, match="number of a project"):
        list(connector.fetch(wire, Asking(WINDOW, target="shop")))
