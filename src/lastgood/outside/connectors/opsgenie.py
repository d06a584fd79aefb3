"""Opsgenie: the alerts of the window, the newest first (Alert API v2).

After docs.opsgenie.com: list alerts with a search query, count alerts. A page has at most 100.
"""

import orjson

from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Alerts that were made in the window; `select` is more of a search query."""
    start, end = (int(moment.timestamp() * 1000) for moment in (asking.window.start, asking.window.end))
    chosen = f" AND ({asking.select})" if asking.select else ""

    def ask(offset: int) -> Page:
        rows = wire.get_json(
            "v2/alerts", query=f"createdAt >= {start} AND createdAt <= {end}{chosen}", sort="createdAt", order="desc",
            limit=_PAGE, offset=offset,
        )["data"]  # fmt: skip
        return rows, offset + _PAGE if len(rows) == _PAGE else None

    yield from paged(
        "alerts",
        ask,
        "alerts",
        lambda one: one["createdAt"],
        first=0,
        written=lambda rows: orjson.dumps({"data": rows}),
    )


def holds(wire: Wire, asking: Asking) -> Held:
    """How many alerts there are; none is as it should be."""
    del asking
    return Held(counted(wire.get_json("v2/alerts/count")["data"]["count"], "alert"))


CONNECTOR = Connector(
    "opsgenie", "alerts", fetch, None, holds, frozenset({Signal.ALERTS}), authorization="GenieKey {}"
)
