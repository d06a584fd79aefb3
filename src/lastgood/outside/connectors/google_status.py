"""The status page of Google Cloud: its incidents, of all products (status.cloud.google.com/incidents.json and its schema)."""

from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held
from lastgood.outside.connectors.limits import CHANGED_BEFORE
from lastgood.outside.connectors.wire import Wire

_OWN = frozenset({"begin", "external_desc", "affected_products"})


def detect(wire: Wire) -> bool:
    """Whether it lists incidents as Google does."""
    try:
        answer = wire.get_json("incidents.json")
    except NotFetchedError:
        return False
    return isinstance(answer, list) and all(isinstance(one, dict) and one.keys() >= _OWN for one in answer)


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Incidents that had not ended a day before the window; `parts` are names of products, such as Cloud SQL."""
    start, end = (
        f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in (asking.window.start - CHANGED_BEFORE, asking.window.end)
    )
    found = [
        one
        for one in wire.get_json("incidents.json")
        if one["begin"] <= end and (one.get("end") or end) >= start and _wanted(one, asking)
    ]
    if found:
        yield Document("incidents.json", orjson.dumps(found))


def _wanted(incident: dict[str, Any], asking: Asking) -> bool:
    titles = {str(one.get("title")) for one in incident["affected_products"]}
    return not asking.parts or bool(titles & set(asking.parts))


def holds(wire: Wire, asking: Asking) -> Held:
    """How many incidents it lists, of years."""
    del asking
    return Held(f"{counted(len(wire.get_json('incidents.json')), 'incident')} listed")


CONNECTOR = Connector(
    "google-status", "changes of a third party", fetch, detect, holds, frozenset({Signal.CHANGES})
)
