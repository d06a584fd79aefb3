"""Tempo: traces that fail and traces that do not, found by TraceQL and fetched one by one as OTLP.

A search gives the newest traces first, so each part of the window is searched. As many failing as working ones are
fetched, so shares are not those of all requests: the spans are marked as examples, and count no requests.
"""

from itertools import chain, zip_longest
from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.attributes import CHOSEN
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.outside.connectors._at_once import at_once
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import LOOKUPS, SEARCHED_PARTS
from lastgood.outside.connectors.wire import Wire

_MARK = {"key": CHOSEN, "value": {"stringValue": "failing and working"}}


def detect(wire: Wire) -> bool:
    """Whether it echoes as Tempo does and searches."""
    try:
        return wire.get("api/echo").strip() == b"echo" and "traces" in wire.get_json("api/search", limit=1)
    except NotFetchedError:
        return False


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """One file of OTLP, with a line for each trace: each file costs a reader more than its lines do."""
    failing = _found(wire, asking, "status = error")
    working = _found(wire, asking, "status != error")
    every = list(dict.fromkeys([*failing[: LOOKUPS // 2], *working, *failing]))
    chosen = every[:LOOKUPS]
    if not chosen:
        raise NotFetchedError(f"{wire.url} has no traces in this window.")
    examples = len(every) > len(chosen)
    answers, problem = at_once(wire, lambda one, trace: one.get_json(f"api/traces/{trace}"), chosen)
    if problem:
        yield Limit(f"{len(chosen) - len(answers)} of {len(chosen)} traces did not come: {problem.message}")
    if answers:
        yield Document("traces.jsonl", b"".join(_otlp(one, examples=examples) + b"\n" for one in answers))
    if examples:
        yield Limit(
            f"{len(chosen)} traces are examples, as many failing as others: they count no requests, and shares of calls are too high"
        )


def _found(wire: Wire, asking: Asking, wanted: str) -> list[str]:
    """Ids of traces from each part of the window in turn, one more than are looked up."""
    windows = list(asking.window.parts(int(SEARCHED_PARTS)))
    parts, problem = at_once(wire, lambda one, part: _searched(one, asking, part, wanted), windows)
    if problem:
        raise problem
    return [name for name in dict.fromkeys(chain.from_iterable(zip_longest(*parts))) if name]


def _searched(wire: Wire, asking: Asking, window: Window, wanted: str) -> list[str]:
    whose = " || ".join(f'resource.service.name = "{name}"' for name in asking.services)
    conditions = " && ".join(filter(None, (wanted, f"({whose})" if whose else "", asking.select)))
    answer = wire.get_json(
        "api/search",
        q=f"{{ {conditions} }}",
        start=int(window.start.timestamp()),
        end=int(window.end.timestamp()),
        limit=LOOKUPS + 1,
    )
    return [str(one["traceID"]) for one in answer.get("traces") or ()]


def _otlp(answer: Any, *, examples: bool) -> bytes:
    """As OTLP names it: Tempo's first form calls the resource spans batches, its second wraps the trace."""
    trace = answer.get("trace", answer)
    spans = trace.get("resourceSpans") or trace.get("batches") or []
    for one in spans if examples else ():
        resource = one.setdefault("resource", {})
        resource["attributes"] = [*resource.get("attributes", ()), _MARK]
    return orjson.dumps({"resourceSpans": spans})


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether a search finds a trace."""
    del asking
    found = wire.get_json("api/search", limit=1)["traces"]
    return Held("traces" if found else "no recent trace", empty=not found)


CONNECTOR = Connector("tempo", "traces", fetch, detect, holds, frozenset({Signal.SPANS}))
