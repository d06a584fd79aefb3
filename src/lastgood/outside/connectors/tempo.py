"""Tempo: traces that fail and traces that do not, found by TraceQL and fetched one by one as OTLP.

As many failing as working ones are fetched, so shares are not those of all requests: that is said.
"""

from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import LOOKUPS
from lastgood.outside.connectors.wire import Wire


def detect(wire: Wire) -> bool:
    """Whether it echoes as Tempo does and searches."""
    try:
        return wire.get("api/echo").strip() == b"echo" and "traces" in wire.get_json("api/search", limit=1)
    except NotFetchedError:
        return False


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """One file of OTLP for each trace."""
    half = LOOKUPS // 2
    failing = _found(wire, asking, "status = error", half)
    working = _found(wire, asking, "status != error", LOOKUPS)
    chosen = list(dict.fromkeys([*failing, *working]))[:LOOKUPS]
    if not chosen:
        raise NotFetchedError(f"{wire.url} has no traces in this window.")
    for number, trace in enumerate(chosen, 1):
        try:
            yield Document(f"trace-{number:03}.json", _otlp(wire.get_json(f"api/traces/{trace}")))
        except NotFetchedError as problem:
            yield Limit(f"{len(chosen) - number + 1} of {len(chosen)} traces did not come: {problem.message}")
            break
    if len(working) + len(failing) >= LOOKUPS:
        yield Limit(
            f"{len(chosen)} traces are a sample, failing ones first: counts and rates from spans are not those of all requests"
        )


def _found(wire: Wire, asking: Asking, wanted: str, most: int) -> list[str]:
    whose = " || ".join(f'resource.service.name = "{name}"' for name in asking.services)
    conditions = " && ".join(filter(None, (wanted, f"({whose})" if whose else "", asking.select)))
    answer = wire.get_json(
        "api/search",
        q=f"{{ {conditions} }}",
        start=int(asking.window.start.timestamp()),
        end=int(asking.window.end.timestamp()),
        limit=int(most),
    )
    return [str(one["traceID"]) for one in answer.get("traces") or ()]


def _otlp(answer: Any) -> bytes:
    """As OTLP names it: Tempo's first form calls the resource spans batches, its second wraps the trace."""
    trace = answer.get("trace", answer)
    spans = trace.get("resourceSpans") or trace.get("batches") or []
    return orjson.dumps({"resourceSpans": spans})


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether a search finds a trace."""
    del asking
    found = wire.get_json("api/search", limit=1)["traces"]
    return Held("traces" if found else "no recent trace", empty=not found)


CONNECTOR = Connector("tempo", "traces", fetch, detect, holds, frozenset({Signal.SPANS}))
