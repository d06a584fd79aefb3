"""Changes of flags in Unleash: of the window and the day before, though whole days are asked for."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import unleash as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from platforms import UNLEASH_EVENT, unleash
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def test_only_flags_of_the_time_that_is_asked_about() -> None:
    """Users and tokens are no flags."""
    early = UNLEASH_EVENT | {"createdAt": "2026-11-29T00:30:00.000Z", "id": 1}
    late = UNLEASH_EVENT | {"createdAt": "2026-11-30T03:30:00.000Z", "id": 2}
    user = UNLEASH_EVENT | {"type": "user-created", "id": 3}
    system = unleash([UNLEASH_EVENT, early, late, user])
    with running(system) as url, Wire(url) as wire:
        (found,) = list(connector.fetch(wire, Asking(WINDOW, target="default", parts=("production", "dev"))))

    assert isinstance(found, Document)
    assert [65] == [one["id"] for one in orjson.loads(found.content)["events"]]
    given = system.asked[0][1]
    assert ("IS:2026-11-29", "IS:2026-11-30", "IS:default", "IS_ANY_OF:production,dev") == (
        given["from"], given["to"], given["project"], given["environment"]
    )  # fmt: skip


def test_all_pages_come() -> None:
    """A thousand each."""
    with running(unleash([UNLEASH_EVENT] * 1500)) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))
        held = connector.holds(wire, Asking(WINDOW))

    assert [1000, 500] == [
        len(orjson.loads(one.content)["events"]) for one in found if isinstance(one, Document)
    ]
    assert not held.empty
