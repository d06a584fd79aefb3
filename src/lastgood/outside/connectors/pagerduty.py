"""PagerDuty: the incidents that people were paged for in the window (REST API v2).

After developer.pagerduty.com: list incidents, list services. A page has at most 100, and pages end at the 10,000th.
"""

import orjson

from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Incidents that began in the window; `parts` are ids of services."""

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


def holds(wire: Wire, asking: Asking) -> Held:
    """How many services there are; that none was paged for is as it should be."""
    del asking
    answer = wire.get_json("services", limit=_PAGE)
    more = " or more" if answer.get("more") else ""
    return Held(
        f"incidents of {counted(len(answer['services']), 'service')}{more}", empty=not answer["services"]
    )


CONNECTOR = Connector(
    "pagerduty", "alerts", fetch, None, holds, frozenset({Signal.ALERTS}), authorization="Token token={}"
)
