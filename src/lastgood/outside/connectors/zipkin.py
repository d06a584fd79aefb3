"""Zipkin: the traces of each service, each trace once (API v2; also of what speaks it).

After zipkin.io/zipkin-api: services, traces with the end of a window and how far to look back from there, in milliseconds.
"""

from itertools import chain
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


def detect(wire: Wire) -> bool:
    """Whether it lists services as Zipkin does."""
    try:
        return isinstance(wire.get_json("api/v2/services"), list)
    except NotFetchedError:
        return False


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """A file of spans for each service; `select` is an annotation query: `error and http.method=POST`."""

    def traces(wire: Wire, service: str, window: Window) -> list[Any]:
        found = wire.get_json(
            "api/v2/traces", serviceName=service, endTs=int(window.end.timestamp() * 1000),
            lookback=int(window.seconds * 1000), limit=int(TRACES), annotationQuery=asking.select,
        )  # fmt: skip
        return [one for one in found if one]

    yield from by_service(
        wire,
        asking,
        wire.get_json("api/v2/services"),
        Traces(traces, lambda one: str(one[0]["traceId"]), _written),
    )


def _written(traces: list[Any]) -> bytes:
    """Spans without their traces around them, as they are sent to Zipkin."""
    return orjson.dumps(list(chain.from_iterable(traces)))


def holds(wire: Wire, asking: Asking) -> Held:
    """How many services have traces."""
    del asking
    services = wire.get_json("api/v2/services")
    return Held(f"traces of {counted(len(services), 'service')}", empty=not services)


CONNECTOR = Connector("zipkin", "traces", fetch, detect, holds, frozenset({Signal.SPANS}))
