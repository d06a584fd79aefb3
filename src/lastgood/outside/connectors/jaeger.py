"""Jaeger: the traces of each service (the JSON API that its own pages use), each trace once."""

from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.outside.connectors._by_service import Traces, by_service
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held
from lastgood.outside.connectors.limits import TRACES
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
    known = [name for name in wire.get_json("api/services")["data"] or () if name not in _OWN]
    yield from by_service(wire, asking, known, Traces(_traces, lambda one: str(one["traceID"]), _written))


def _written(traces: list[Any]) -> bytes:
    return orjson.dumps({"data": traces})


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
