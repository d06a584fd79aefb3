"""PagerDuty: the incidents that people were paged for in the window, and its change events (REST API v2).

After developer.pagerduty.com: list incidents, list change events, those of a service, list services. A page has at most 100, and
pages end at the 10,000th.
"""

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held, Limit
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Incidents that began in the window and changes in it; `parts` are ids of services."""

    def ask(offset: int) -> Page:
        answer = wire.get_json(
            "incidents", since=asking.window.start.isoformat(), until=asking.window.end.isoformat(), time_zone="UTC",
            sort_by="created_at:desc", limit=_PAGE, offset=offset, **{"service_ids[]": list(asking.parts) or None},
        )  # fmt: skip
        return answer["incidents"], offset + _PAGE if answer.get("more") else None

    yield from paged(
        "incidents",
        ask,
        "incidents",
        lambda one: one["created_at"],
        first=0,
        written=lambda rows: orjson.dumps({"incidents": rows}),
    )
    for place in [f"services/{part}/change_events" for part in asking.parts] or ["change_events"]:
        yield from _changes(wire, asking, place)


def _changes(wire: Wire, asking: Asking, place: str) -> Fetched:
    """Change events, whose times have to be in UTC; an account without them still has its incidents."""
    since, until = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (asking.window.start, asking.window.end))

    def ask(offset: int) -> Page:
        answer = wire.get_json(place, since=since, until=until, limit=_PAGE, offset=offset)
        return answer["change_events"], offset + _PAGE if answer.get("more") else None

    try:
        yield from paged(
            "change-events",
            ask,
            "change events",
            lambda one: one["timestamp"],
            first=0,
            written=lambda rows: orjson.dumps({"change_events": rows}),
        )
    except NotFetchedError as problem:
        yield Limit(f"change events did not come: {problem.message}")


def holds(wire: Wire, asking: Asking) -> Held:
    """How many services there are; that none was paged for is as it should be."""
    del asking
    answer = wire.get_json("services", limit=_PAGE)
    more = " or more" if answer.get("more") else ""
    return Held(
        f"incidents of {counted(len(answer['services']), 'service')}{more}", empty=not answer["services"]
    )


CONNECTOR = Connector(
    "pagerduty",
    "alerts and change events",
    fetch,
    None,
    holds,
    frozenset({Signal.ALERTS, Signal.CHANGES}),
    authorization="Token token={}",
)
