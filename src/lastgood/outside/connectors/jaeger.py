"""Jaeger: the traces of each service (the JSON API that its own pages use), each trace once."""

from collections.abc import Sequence
from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.fetching import plain
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import PARTS, SERVICES, TRACES
from lastgood.outside.connectors.wire import Wire

_OWN = {"jaeger", "jaeger-query", "jaeger-all-in-one"}


def detect(wire: Wire) -> bool:
    """Whether it lists services as Jaeger does."""
    try:
        answer = wire.get_json("api/services")
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get("data"), list) and "errors" in answer


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """A file of traces for each service."""
    names = _services(wire, asking)
    if len(names) > SERVICES:
        yield Limit(
            f"traces of {counted(len(names) - SERVICES, 'service')} were left out: name some with --service"
        )
    slices = asking.window.parts(max(1, min(PARTS, wire.left // len(names[:SERVICES]) - 1)))
    seen: set[str] = set()
    for name in names[:SERVICES]:
        try:
            traces, cut = _of_service(wire, name, slices)
        except NotFetchedError as problem:
            yield Limit(f"traces of {name} did not come: {problem.message}")
            continue
        fresh = [one for one in traces if one["traceID"] not in seen]
        seen |= {one["traceID"] for one in fresh}
        if fresh:
            yield Document(f"traces-{plain(name)}.json", orjson.dumps({"data": fresh}))
        if cut:
            yield Limit(
                f"traces of {name} are cut off, {TRACES} in each of {counted(len(slices), 'part')} of the window: "
                "counts and rates from spans are too low"
            )


def _services(wire: Wire, asking: Asking) -> list[str]:
    known = sorted(set(wire.get_json("api/services")["data"] or ()) - _OWN)
    names = [name for name in known if not asking.services or name in asking.services]
    if not names:
        raise NotFetchedError(f"{wire.url} has no traces of such services.")
    return names


def _of_service(wire: Wire, name: str, slices: Sequence[Window]) -> tuple[list[Any], bool]:
    """Its traces, and whether a part of the window had more than were given."""
    parts = [_traces(wire, name, window) for window in slices]
    return [one for part in parts for one in part], any(len(part) >= TRACES for part in parts)


def _traces(wire: Wire, service: str, window: Window) -> list[Any]:
    answer = wire.get_json(
        "api/traces",
        service=service,
        start=int(window.start.timestamp() * 1e6),
        end=int(window.end.timestamp() * 1e6),
        limit=int(TRACES),
    )
    return list(answer["data"] or ())


def holds(wire: Wire, asking: Asking) -> Held:
    """How many services have traces."""
    del asking
    services = wire.get_json("api/services")["data"] or []
    return Held(f"traces of {counted(len(services), 'service')}", empty=not services)


CONNECTOR = Connector("jaeger", "traces", fetch, detect, holds, frozenset({Signal.SPANS}))
