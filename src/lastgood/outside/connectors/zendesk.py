"""Zendesk: the support tickets that customers opened in the window, the newest first (Support API, search).

After developer.zendesk.com/api-reference/ticketing: search, at most 100 a page and 1,000 in all. New tickets are found after some
minutes only.
"""

import orjson

from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Tickets; `select` is more of a search: `tags:checkout`."""

    def ask(page: int) -> Page:
        answer = wire.get_json(
            "api/v2/search.json",
            query=_query(asking),
            sort_by="created_at",
            sort_order="desc",
            per_page=_PAGE,
            page=page,
        )
        return answer["results"], page + 1 if answer.get("next_page") else None

    yield from paged(
        "tickets",
        ask,
        "tickets",
        lambda one: one["created_at"],
        first=1,
        written=lambda rows: orjson.dumps({"results": rows}),
    )


def _query(asking: Asking) -> str:
    start, end = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (asking.window.start, asking.window.end))
    return " ".join(filter(None, ("type:ticket", f"created>={start}", f"created<={end}", asking.select)))


def holds(wire: Wire, asking: Asking) -> Held:
    """How many tickets there are in the window; none is as it should be."""
    found = wire.get_json("api/v2/search/count.json", query=_query(asking))["count"]
    return Held(counted(found, "recent ticket"))


CONNECTOR = Connector("zendesk", "support tickets", fetch, None, holds, frozenset({Signal.LOGS}))
