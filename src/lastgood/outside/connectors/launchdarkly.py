"""LaunchDarkly: who changed which flag, the newest first (REST API v2, audit log).

After launchdarkly.com/docs/api/audit-log: entries before and after a time in milliseconds. A page has at most 20, so a few hundred
changes of flags are seen.
"""

import orjson

from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.limits import CHANGED_BEFORE
from lastgood.outside.connectors.wire import Wire

_PAGE = 20
_NEXT = 1  # ms: the end is exclusive


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Changes of flags; `target` is a project, `parts` may name one environment."""
    after = int((asking.window.start - CHANGED_BEFORE).timestamp() * 1000)
    seen: set[str] = set()

    def ask(before: int) -> Page:
        rows = wire.get_json("api/v2/auditlog", after=after, before=before, limit=_PAGE, spec=_spec(asking))[
            "items"
        ]
        fresh = [one for one in rows if one["_id"] not in seen]
        seen.update(one["_id"] for one in rows)
        return fresh, int(rows[-1]["date"]) + _NEXT if len(rows) == _PAGE and fresh else None

    yield from paged(
        "audit", ask, "changes of flags", lambda one: one["date"], first=int(asking.window.end.timestamp() * 1000),
        written=lambda rows: orjson.dumps({"items": rows}),
    )  # fmt: skip


def _spec(asking: Asking) -> str:
    """Which resources, as LaunchDarkly writes it."""
    environment = asking.parts[0] if len(asking.parts) == 1 else "*"
    return f"proj/{asking.target or '*'}:env/{environment}:flag/*"


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether there is an entry of a flag."""
    found = wire.get_json("api/v2/auditlog", limit=1, spec=_spec(asking))["items"]
    return Held("changes of flags" if found else "no change of a flag", empty=not found)


CONNECTOR = Connector(
    "launchdarkly", "changes of flags", fetch, None, holds, frozenset({Signal.CHANGES}), authorization="{}"
)
