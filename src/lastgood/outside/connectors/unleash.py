"""Unleash: who changed which flag, the newest first (Admin API, event search; from version 6.1).

After docs.getunleash.io and its OpenAPI description: /api/admin/search/events takes whole days, so what is older than asked
for is left out here. A page has at most 1,000.
"""

import orjson

from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.limits import CHANGED_BEFORE
from lastgood.outside.connectors.wire import Wire

_PAGE = 1_000
_OF_FLAGS = ("feature-", "segment-")  # others are of users, tokens and projects


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Changes of flags; `target` is a project, `parts` are environments."""
    start, end = asking.window.start - CHANGED_BEFORE, asking.window.end
    first, last = (f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in (start, end))
    chosen = {
        "from": f"IS:{start:%Y-%m-%d}", "to": f"IS:{end:%Y-%m-%d}", "project": f"IS:{asking.target}" if asking.target else "",
        "environment": f"IS_ANY_OF:{','.join(asking.parts)}" if asking.parts else "",
    }  # fmt: skip

    def ask(offset: int) -> Page:
        rows = wire.get_json("api/admin/search/events", limit=_PAGE, offset=offset, **chosen)["events"]
        of_flags = [
            one for one in rows if one["type"].startswith(_OF_FLAGS) and first <= one["createdAt"] <= last
        ]
        return of_flags, offset + _PAGE if len(rows) == _PAGE else None

    yield from paged(
        "events",
        ask,
        "changes of flags",
        lambda one: one["createdAt"],
        first=0,
        written=lambda rows: orjson.dumps({"events": rows}),
    )


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether there is any event."""
    del asking
    found = wire.get_json("api/admin/search/events", limit=1)["events"]
    return Held("changes of flags" if found else "no event", empty=not found)


CONNECTOR = Connector(
    "unleash", "changes of flags", fetch, None, holds, frozenset({Signal.CHANGES}), authorization="{}"
)
