"""Incidents of Google Cloud: those that could matter to a window."""

from datetime import UTC, datetime, timedelta

import orjson

from lastgood.model.window import Window
from lastgood.outside.connectors import google_status as connector
from lastgood.outside.connectors._registry import Asking, Document
from lastgood.outside.connectors.wire import Wire
from platforms import GOOGLE_INCIDENT, google_status
from systems import running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def test_incidents_of_the_window_and_of_the_products() -> None:
    """One that has not ended, however long ago it began, is one of tonight."""
    ended = GOOGLE_INCIDENT | {
        "id": "ended",
        "begin": "2026-11-01T00:00:00+00:00",
        "end": "2026-11-02T00:00:00+00:00",
    }
    lasting = GOOGLE_INCIDENT | {"id": "lasting", "begin": "2026-11-01T00:00:00+00:00"}
    other = GOOGLE_INCIDENT | {"id": "other", "affected_products": [{"title": "Cloud Run"}]}
    later = GOOGLE_INCIDENT | {"id": "later", "begin": "2026-11-30T09:00:00+00:00"}
    with running(google_status([later, GOOGLE_INCIDENT, other, ended, lasting])) as url, Wire(url) as wire:
        (found,) = list(connector.fetch(wire, Asking(WINDOW, parts=("Cloud SQL",))))
        held = connector.holds(wire, Asking(WINDOW))

    assert isinstance(found, Document)
    assert [GOOGLE_INCIDENT["id"], "lasting"] == [one["id"] for one in orjson.loads(found.content)]
    assert "5 incidents listed" == held.sentence
