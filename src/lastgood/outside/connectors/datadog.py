"""Datadog: metrics by service (API v1, query) and log events, the newest first (API v2, logs search).

After docs.datadoghq.com/api/latest: metrics (active list, time series points), logs (search). A page has at most 1,000 events.
"""

import re
from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, bunches, paged
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors._telling import rank
from lastgood.outside.connectors.limits import NAMES, NAMES_AT_ONCE
from lastgood.outside.connectors.wire import Wire

_PAGE = 1_000
_COUNTED = re.compile(r"\b(?:hits|errors|count|requests|total|failures|timeouts|retries)$")
_NAME = re.compile(r"[A-Za-z][\w.]*")  # so that a name cannot change the question
_OWN = re.compile(r"^(?:datadog|ntp|dd)\.")  # of the agent itself


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Both; `select` are tags that both know, such as `env:prod`, `target` is an index of logs."""
    missing: list[Limit] = []
    for part, what in ((_metrics, "metrics"), (_logs, "log events")):
        try:
            yield from part(wire, asking)
        except NotFetchedError as problem:
            if missing:  # nothing came at all
                raise
            missing.append(Limit(f"{what} did not come: {problem.message}"))
    yield from missing


def _metrics(wire: Wire, asking: Asking) -> Fetched:
    """The most telling names that are active, by service, some in each answer."""
    start, end = int(asking.window.start.timestamp()), int(asking.window.end.timestamp())
    tags = asking.select.replace(",", " ").split()
    scope = ",".join(tags) or "*"
    found = wire.get_json("api/v1/metrics", **{"from": start}, tag_filter=" AND ".join(tags))["metrics"]
    names = sorted(
        (one for one in found if _NAME.fullmatch(one) and not _OWN.match(one)),
        key=lambda one: (_rank(one), one),
    )
    if len(names) > NAMES:
        yield Limit(
            f"{len(names) - NAMES} of {counted(len(names), 'metric')} were left out, such as {names[NAMES]}"
        )
    for number, some in enumerate(bunches(names[: int(NAMES)], int(NAMES_AT_ONCE)), 1):
        try:
            answer = wire.get_json(
                "api/v1/query",
                **{"from": start},
                to=end,
                query=",".join(_question(one, scope) for one in some),
            )
        except NotFetchedError as problem:
            yield Limit(f"{counted(len(some), 'metric')} did not come, such as {some[0]}: {problem.message}")
            continue
        if answer.get("error"):
            yield Limit(
                f"{counted(len(some), 'metric')} did not come, such as {some[0]}: {str(answer['error'])[:80]}"
            )
        elif answer.get("series"):
            yield Document(f"metrics-{number:02}.json", orjson.dumps(answer))


def _rank(name: str) -> int:
    """As of a name of Prometheus; Datadog counts requests in `hits`."""
    return rank(re.sub(r"_hits$", "_request_count", name.replace(".", "_")))


def _question(name: str, scope: str) -> str:
    """A count of each interval for what counts, the mean of all others."""
    if _COUNTED.search(name):
        return f"sum:{name}{{{scope}}} by {{service}}.as_count()"
    return f"avg:{name}{{{scope}}} by {{service}}"


def _logs(wire: Wire, asking: Asking) -> Fetched:
    services = " OR ".join(asking.services)
    query = " ".join(
        filter(None, (asking.select.replace(",", " "), f"service:({services})" if services else ""))
    )
    chosen: dict[str, Any] = {
        "query": query or "*", "from": asking.window.start.isoformat(), "to": asking.window.end.isoformat(),
    }  # fmt: skip
    if asking.target:
        chosen["indexes"] = [asking.target]
    partial: list[str] = []

    def ask(cursor: str | None) -> Page:
        page = {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}
        answer = wire.send_json(
            "api/v2/logs/events/search", {"filter": chosen, "sort": "-timestamp", "page": page}
        )
        about = answer.get("meta") or {}
        if about.get("status") == "timeout":
            partial.append("Datadog answered in part: the search timed out")
        rows = answer.get("data") or []
        return rows, (about.get("page") or {}).get("after") if rows else None

    yield from paged(
        "logs",
        ask,
        "log events",
        lambda one: one["attributes"]["timestamp"],
        written=lambda rows: orjson.dumps({"data": rows}),
    )
    yield from map(Limit, dict.fromkeys(partial))


def holds(wire: Wire, asking: Asking) -> Held:
    """How many metrics are active in the window."""
    found = wire.get_json("api/v1/metrics", **{"from": int(asking.window.start.timestamp())})["metrics"]
    return Held(counted(len(found), "metric"), empty=not found)


CONNECTOR = Connector(
    "datadog", "metrics and log lines", fetch, None, holds, frozenset({Signal.METRICS, Signal.LOGS})
)
