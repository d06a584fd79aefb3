"""Loki: the log lines of the window, newest first, page by page (https://grafana.com/docs/loki/latest/reference/loki-http-api/).

When the pages run out, the older lines of the window are missing. That is said, and the lines that are there are
whole: nothing is thinned, so rates stay true.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.clock import to_nanoseconds
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import LINES_AT_ONCE, PAGES
from lastgood.outside.connectors.wire import Wire

# The labels that say whose a line is, the surest first.
_WHOSE = (
    "service_name",
    "service",
    "app",
    "app_kubernetes_io_name",
    "container",
    "job",
    "namespace",
    "host",
    "filename",
)

Line = tuple[str, str, str]  # the stream, the time in nanoseconds, the text


def detect(wire: Wire) -> bool:
    """Whether it lists labels as Loki does."""
    try:
        answer = wire.get_json("loki/api/v1/labels")
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and answer.get("status") == "success"


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Pages of lines."""
    query = _query(wire, asking)
    start, end = to_nanoseconds(asking.window.start), to_nanoseconds(asking.window.end)
    seen: set[Line] = set()
    for page in range(1, PAGES + 1):
        try:
            answer = wire.get_json(
                "loki/api/v1/query_range",
                query=query, start=start, end=end, limit=int(LINES_AT_ONCE), direction="backward",
            )  # fmt: skip
        except NotFetchedError as problem:
            yield Limit(f"the log lines before {_shown(end)} did not come: {problem.message}")
            return
        lines = list(_lines(answer))
        fresh = [line for line in lines if line not in seen]
        if fresh:
            yield Document(f"lines-{page:02}.json", _written(answer, set(fresh)))
        if len(lines) < LINES_AT_ONCE or not fresh:
            return
        oldest = min(int(time) for _, time, _ in lines)
        seen = {line for line in lines if int(line[1]) == oldest}
        end = oldest + 1  # the end is exclusive: lines of the same instant may be on the next page
    yield Limit(
        f"log lines before {_shown(end)} were left out: {PAGES} pages of {LINES_AT_ONCE} lines are read"
    )


def _query(wire: Wire, asking: Asking) -> str:
    """A selector: what was said, else every stream that says whose it is."""
    said = asking.select.strip()
    if said:
        return said if said.startswith("{") else f"{{{said}}}"
    window = asking.window
    answer = wire.get_json(
        "loki/api/v1/labels", start=to_nanoseconds(window.start), end=to_nanoseconds(window.end)
    )
    labels = set(answer.get("data") or ())
    whose = next((label for label in _WHOSE if label in labels), next(iter(sorted(labels)), ""))
    if not whose:
        raise NotFetchedError(f"{wire.url} has no log lines in this window.")
    names = "|".join(asking.services) if asking.services else ".+"
    return f'{{{whose}=~"{names}"}}'


def _lines(answer: Any) -> Iterator[Line]:
    for stream in answer["data"]["result"]:
        key = orjson.dumps(stream["stream"], option=orjson.OPT_SORT_KEYS).decode()
        for value in stream["values"]:
            yield key, value[0], value[1]


def _written(answer: Any, fresh: set[Line]) -> bytes:
    """The answer without what an earlier page had."""
    result = []
    for stream in answer["data"]["result"]:
        key = orjson.dumps(stream["stream"], option=orjson.OPT_SORT_KEYS).decode()
        values = [value for value in stream["values"] if (key, value[0], value[1]) in fresh]
        if values:
            result.append({"stream": stream["stream"], "values": values})
    return orjson.dumps({"status": "success", "data": {"resultType": "streams", "result": result}})


def _shown(nanoseconds: int) -> str:
    return f"{datetime.fromtimestamp(nanoseconds / 1e9, UTC):%H:%M:%S} UTC"


def holds(wire: Wire, asking: Asking) -> Held:
    """How many labels its streams have; an empty one has none."""
    del asking
    labels = wire.get_json("loki/api/v1/labels").get("data") or []
    return Held(f"log streams with {counted(len(labels), 'label')}", empty=not labels)


CONNECTOR = Connector("loki", "log lines", fetch, detect, holds, frozenset({Signal.LOGS}))
