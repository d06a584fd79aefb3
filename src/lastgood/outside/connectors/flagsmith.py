"""Flagsmith: who changed which flag of a project, the newest first (REST API v1, audit log of a project).

After docs.flagsmith.com and its OpenAPI description. The log cannot be asked for a time: pages are read until they are older.
"""

import orjson

from lastgood.errors import UsageError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.limits import CHANGED_BEFORE
from lastgood.outside.connectors.wire import Wire

_PAGE = 100


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Changes of flags; `target` is the number of a project, `parts` are names of environments."""
    path = _path(asking)
    start, end = (
        f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in (asking.window.start - CHANGED_BEFORE, asking.window.end)
    )

    def ask(page: int) -> Page:
        answer = wire.get_json(path, page=page, page_size=_PAGE)
        rows = answer["results"]
        chosen = [one for one in rows if start <= one["created_date"] <= end and _wanted(one, asking)]
        older = bool(rows) and rows[-1]["created_date"] < start
        return chosen, page + 1 if answer.get("next") and not older else None

    yield from paged(
        "audit",
        ask,
        "changes of flags",
        lambda one: one["created_date"],
        first=1,
        written=lambda rows: orjson.dumps({"results": rows}),
    )


def _path(asking: Asking) -> str:
    if not asking.target.isdecimal():
        raise UsageError(
            f"A Flagsmith source needs target, the number of a project, not {asking.target!r}.",
            hint="It is in the address of the project's page.",
        )
    return f"api/v1/projects/{asking.target}/audit/"


def _wanted(entry: dict[str, dict[str, str] | None], asking: Asking) -> bool:
    """Whether it is of an environment that is asked about; what is of all of them is."""
    environment = entry.get("environment") or {}
    return not asking.parts or not environment or environment.get("name") in asking.parts


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether there is any entry."""
    found = wire.get_json(_path(asking), page_size=1)["results"]
    return Held("changes of flags" if found else "no entry", empty=not found)


CONNECTOR = Connector(
    "flagsmith",
    "changes of flags",
    fetch,
    None,
    holds,
    frozenset({Signal.CHANGES}),
    authorization="Api-Key {}",
)
