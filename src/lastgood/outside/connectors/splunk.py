"""Splunk: the events of a search in the window, the newest first, page by page (REST API, search/v2/jobs/export).

After help.splunk.com (REST API reference, search endpoints): an export answers with lines of JSON, each with a result. The end of a
search is exclusive; the pages go back in time from the oldest event of the one before.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.limits import LINES_AT_ONCE
from lastgood.outside.connectors.wire import Wire

_EXPORT = "services/search/v2/jobs/export"
_NEXT = timedelta(milliseconds=1)
_KEPT = frozenset({"_time", "_raw"})  # of the fields that Splunk keeps for itself


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Pages of events; `select` is the search: `index=shop sourcetype=web`."""
    search = _search(asking)
    seen: set[tuple[object, ...]] = set()

    def ask(end: datetime) -> Page:
        rows = _results(wire, f"{search} | head {LINES_AT_ONCE}", asking.window.start, end)
        fresh = [one for one in rows if _identity(one) not in seen]
        seen.update(map(_identity, rows))
        full = len(rows) >= LINES_AT_ONCE and fresh
        return fresh, min(datetime.fromisoformat(one["_time"]) for one in rows) + _NEXT if full else None

    yield from paged(
        "events", ask, "events", lambda one: one["_time"], first=asking.window.end, written=_written
    )


def _search(asking: Asking) -> str:
    """One search without commands behind it: a command could write."""
    chosen = asking.select.strip()
    if not chosen or "|" in chosen or "[" in chosen:
        raise UsageError(
            "A Splunk source needs select, a search without commands.",
            hint='select = "index=shop sourcetype=web"',
        )
    return f"search {chosen}"


def _results(wire: Wire, search: str, start: datetime, end: datetime) -> list[dict[str, Any]]:
    body = wire.post(
        _EXPORT,
        search=search,
        earliest_time=start.isoformat(timespec="milliseconds"),
        latest_time=end.isoformat(timespec="milliseconds"),
        output_mode="json",
        preview="false",
    )
    found: list[dict[str, Any]] = []
    for line in filter(None, body.splitlines()):
        row = orjson.loads(line)
        for one in row.get("messages") or ():
            if one.get("type") in {"FATAL", "ERROR"}:
                raise NotFetchedError(f"Splunk refuses the search: {str(one.get('text'))[:200]}")
        if row.get("result") and not row.get("preview"):
            found.append(row["result"])
    return found


def _identity(event: dict[str, Any]) -> tuple[object, ...]:
    """Its place in an index, else what it says."""
    return (event.get("_bkt"), event.get("_cd"), event["_time"], event.get("_raw"))


def _written(rows: list[dict[str, Any]]) -> bytes:
    """Lines of JSON, with the fields that are those of the event."""
    return b"".join(
        orjson.dumps({name: value for name, value in one.items() if name[0] != "_" or name in _KEPT}) + b"\n"
        for one in rows
    )


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether the search finds an event."""
    found = _results(wire, f"{_search(asking)} | head 1", asking.window.start, asking.window.end)
    return Held("events" if found else "no recent event", empty=not found)


CONNECTOR = Connector("splunk", "log lines", fetch, None, holds, frozenset({Signal.LOGS}))
