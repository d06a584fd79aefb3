"""Prometheus and what speaks its API: Mimir, Thanos, VictoriaMetrics. Metrics of the window, and alerts.

Range queries over the names of metrics, many names in one: https://prometheus.io/docs/prometheus/latest/querying/api/.
The metrics that say most about requests, failures and saturation come first; what does not fit is left out whole
and said, so that no series is thinned.
"""

import re
from collections.abc import Iterator, Mapping

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import count, counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors._telling import rank
from lastgood.outside.connectors.limits import ALL_SAMPLES, POINTS, SAMPLES_AT_ONCE, SHORTEST_STEP
from lastgood.outside.connectors.wire import Wire


def detect(wire: Wire) -> bool:
    """Whether it answers a query as Prometheus does."""
    try:
        answer = wire.get_json("api/v1/query", query="1")
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and answer.get("status") == "success"


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The chosen metrics as matrices, then the alerts that fire."""
    counted_series = _series(wire, asking)
    step = max(float(SHORTEST_STEP), asking.window.seconds / POINTS)
    points = max(1, int(asking.window.seconds / step) + 1)
    chosen, left = _chosen(counted_series, points)
    if left:
        series = sum(counted_series[name] for name in left)
        yield Limit(
            f"{count(len(left))} of {counted(len(counted_series), 'metric')} ({count(series)} series) were left out, "
            f"such as {left[0]}: choose with select in the settings"
        )
    for number, names in enumerate(_packed(chosen, counted_series, points), 1):
        try:
            yield Document(f"metrics-{number:02}.json", _range(wire, asking, names, step))
        except NotFetchedError as problem:
            yield Limit(
                f"{counted(len(names), 'metric')} did not come, such as {names[0]}: {problem.message}"
            )
    yield from _alerts(wire)


def _series(wire: Wire, asking: Asking) -> dict[str, int]:
    """How many series each metric has, at the start or the end of the window: what ended in between is seen."""
    matchers = _matchers(asking, '__name__!=""')
    query = f"count by (__name__) ({{{matchers}}})"
    most: dict[str, int] = {}
    for moment in (asking.window.start, asking.window.end):
        answer = wire.post_json("api/v1/query", query=query, time=moment.timestamp())
        for one in answer["data"]["result"]:
            name = one["metric"].get("__name__", "")
            most[name] = max(most.get(name, 0), int(float(one["value"][1])))
    most.pop("", None)
    if not most:
        raise NotFetchedError(f"{wire.url} has no metrics in this window.")
    return most


def _matchers(asking: Asking, *first: str) -> str:
    return ",".join(filter(None, (*first, asking.select.strip().strip("{}"))))


def _chosen(series: Mapping[str, int], points: int) -> tuple[list[str], list[str]]:
    """The names that fit into the budget, the most telling first, and those that do not."""
    taken: list[str] = []
    left: list[str] = []
    room = int(ALL_SAMPLES)
    for name in sorted(series, key=lambda name: (rank(name), series[name], name)):
        cost = series[name] * points
        if cost <= room:
            room -= cost
            taken.append(name)
        else:
            left.append(name)
    return taken, left


def _packed(names: list[str], series: Mapping[str, int], points: int) -> Iterator[list[str]]:
    """Names that are asked for together."""
    pack: list[str] = []
    size = 0
    for name in names:
        cost = series[name] * points
        if pack and size + cost > SAMPLES_AT_ONCE:
            yield pack
            pack, size = [], 0
        pack.append(name)
        size += cost
    if pack:
        yield pack


def _range(wire: Wire, asking: Asking, names: list[str], step: float) -> bytes:
    pattern = "|".join(map(re.escape, names)).replace("\\", "\\\\").replace('"', '\\"')
    of_names = f'__name__=~"{pattern}"'
    return wire.post(
        "api/v1/query_range",
        query=f"{{{_matchers(asking, of_names)}}}",
        start=asking.window.start.timestamp(),
        end=asking.window.end.timestamp(),
        step=step,
    )


def _alerts(wire: Wire) -> Fetched:
    try:
        answer = wire.get_json("api/v1/alerts")
    except NotFetchedError as problem:
        yield Limit(f"alerts did not come: {problem.message}")
        return
    if answer.get("data", {}).get("alerts"):
        yield Document("alerts.json", orjson.dumps(answer))


def holds(wire: Wire, asking: Asking) -> Held:
    """How many names of metrics there are."""
    matchers = _matchers(asking)
    names = wire.get_json("api/v1/label/__name__/values", match=f"{{{matchers}}}" if matchers else "")["data"]
    return Held(counted(len(names), "metric"), empty=not names)


CONNECTOR = Connector(
    "prometheus", "metrics and alerts", fetch, detect, holds, frozenset({Signal.METRICS, Signal.ALERTS})
)
