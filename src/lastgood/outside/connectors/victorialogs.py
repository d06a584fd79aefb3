"""VictoriaLogs: the log entries of the window, the newest first, page by page (LogsQL over HTTP).

After docs.victoriametrics.com/victorialogs/querying: /select/logsql/query answers with lines of JSON. The pages go back in time
from the oldest entry of the one before.
"""

from datetime import UTC, datetime

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.limits import LINES_AT_ONCE
from lastgood.outside.connectors.wire import Wire

_NEXT = 1  # ns


def detect(wire: Wire) -> bool:
    """Whether it lists names of fields as VictoriaLogs does."""
    try:
        answer = wire.get_json("select/logsql/field_names", query="*", start="1m", limit=1)
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and "values" in answer


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Pages of lines; `select` is a filter of LogsQL."""
    services = " or ".join(f'"service.name":={orjson.dumps(name).decode()}' for name in asking.services)
    chosen = " ".join(
        filter(None, (f"({asking.select})" if asking.select else "", f"({services})" if services else ""))
    )
    query = f"{chosen or '*'} | sort by (_time desc) limit {LINES_AT_ONCE}"
    seen: set[bytes] = set()

    def ask(end: str) -> Page:
        body = wire.post("select/logsql/query", query=query, start=asking.window.start.isoformat(), end=end)
        lines = [line for line in body.splitlines() if line]
        fresh = [line for line in lines if line not in seen]
        if len(lines) < LINES_AT_ONCE or not fresh:
            return fresh, None
        oldest = _time(lines[-1])
        seen.clear()
        seen.update(line for line in lines if _time(line) == oldest)
        return fresh, _behind(oldest)

    yield from paged(
        "lines",
        ask,
        "log entries",
        _time,
        first=asking.window.end.isoformat(),
        written=lambda rows: b"\n".join([*rows, b""]),
    )


def _time(line: bytes) -> str:
    return str(orjson.loads(line)["_time"])


def _behind(written: str) -> str:
    """The next nanosecond: the end is exclusive, and more entries of the same one may be on the next page."""
    whole, _, part = written.rstrip("Z").partition(".")
    seconds = int(datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp())
    moment = seconds * 10**9 + int(part.ljust(9, "0")[:9]) + _NEXT
    return f"{datetime.fromtimestamp(moment // 10**9, UTC):%Y-%m-%dT%H:%M:%S}.{moment % 10**9:09}Z"


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether there is an entry in the window."""
    found = wire.post("select/logsql/query", query="* | limit 1", start=asking.window.start.isoformat())
    return Held("log entries" if found.strip() else "no recent entry", empty=not found.strip())


CONNECTOR = Connector("victorialogs", "log lines", fetch, detect, holds, frozenset({Signal.LOGS}))
