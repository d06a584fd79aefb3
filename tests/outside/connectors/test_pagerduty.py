"""Incidents of PagerDuty: all pages, of the services that are asked about."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import pagerduty as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Access, Wire
from platforms import PAGERDUTY_INCIDENT, pagerduty
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def test_all_pages_come() -> None:
    """Until there is no more."""
    system = pagerduty([PAGERDUTY_INCIDENT | {"id": f"P{n}"} for n in range(200)])
    access = Access(token="a-token", authorization=connector.CONNECTOR.authorization)  # noqa: S106 - an example
    with running(system) as url, Wire(url, access) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, parts=("PIJ90N7",))))

    assert [100, 100] == [
        len(orjson.loads(one.content)["incidents"]) for one in found
        if isinstance(one, Document) and one.name.startswith("incidents")
    ]  # fmt: skip
    assert ("PIJ90N7", "2026-11-30T01:00:00+00:00") == (
        system.asked[0][1]["service_ids[]"],
        system.asked[0][1]["since"],
    )
    assert "Token token=a-token" == system.headers[0]["Authorization"]


def test_changes_come_with_the_incidents() -> None:
    """Those of the services that are asked about, else all; an account without them still has its incidents."""
    whole = pagerduty([PAGERDUTY_INCIDENT])
    with running(whole) as url, Wire(url) as wire:
        every = list(connector.fetch(wire, Asking(WINDOW)))
        one = list(connector.fetch(wire, Asking(WINDOW, parts=("PIJ90N7",))))
    with running(pagerduty([PAGERDUTY_INCIDENT], None)) as url, Wire(url) as wire:
        first, missing = connector.fetch(wire, Asking(WINDOW))

    names = [
        [document.name for document in found if isinstance(document, Document)] for found in (every, one)
    ]
    assert 2 * [["incidents-01.json", "change-events-01.json"]] == names
    asked = dict(whole.asked)
    assert ("2026-11-30T01:00:00Z", "2026-11-30T03:00:00Z") == tuple(
        asked["/change_events"][name] for name in ("since", "until")
    )
    assert "/services/PIJ90N7/change_events" in asked
    assert isinstance(first, Document)
    assert isinstance(missing, Limit)
    assert missing.sentence.startswith("change events did not come")


def test_what_it_holds() -> None:
    """Services, for that none was paged for is as it should be."""
    with running(pagerduty([])) as url, Wire(url) as wire:
        held = connector.holds(wire, Asking(WINDOW))

    assert ("incidents of 1 service", False) == (held.sentence, held.empty)
