"""Intercom: the conversations that customers began in the window, the newest first (REST API, search).

After developers.intercom.com/docs/references/rest-api: search conversations, at most 150 a page, the next one named by the answer.
"""

from typing import Any

import orjson

from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.wire import Wire

_PAGE = 150


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Conversations, each with what was written first."""

    def ask(after: str | None) -> Page:
        answer = wire.send_json("conversations/search", _question(asking, _PAGE, after))
        following = (answer.get("pages") or {}).get("next") or {}
        return answer["conversations"], following.get("starting_after")

    yield from paged(
        "conversations", ask, "conversations", lambda one: one["created_at"],
        written=lambda rows: orjson.dumps({"conversations": rows}),
    )  # fmt: skip


def _question(asking: Asking, size: int, after: str | None = None) -> dict[str, Any]:
    start, end = (int(moment.timestamp()) for moment in (asking.window.start, asking.window.end))
    conditions = [
        {"field": "created_at", "operator": operator, "value": value}
        for operator, value in ((">", start - 1), ("<", end + 1))
    ]
    return {
        "query": {"operator": "AND", "value": conditions},
        "sort": {"field": "created_at", "order": "descending"},
        "pagination": {"per_page": size, **({"starting_after": after} if after else {})},
    }


def holds(wire: Wire, asking: Asking) -> Held:
    """How many conversations there are in the window; none is as it should be."""
    found = wire.send_json("conversations/search", _question(asking, 1))["total_count"]
    return Held(counted(found, "recent conversation"))


CONNECTOR = Connector("intercom", "support tickets", fetch, None, holds, frozenset({Signal.LOGS}))
