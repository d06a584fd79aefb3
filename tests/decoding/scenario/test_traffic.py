"""Requests walk the call graph."""

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

from lastgood.decoding.scenario.grammar import parse_text
from lastgood.decoding.scenario.traffic import Traffic

TEXT = """
time      2026-11-20 10:00 .. 10:10
spans     web "GET /" rate=1/s
call      web "GET /" -> stock Count errors=100%
"""


def test_a_failure_below_fails_the_request() -> None:
    """A server span, a client span and the server span below; all of one trace."""
    scenario = parse_text(TEXT, Path("x"))
    world: dict[str, list[dict[str, Any]]] = defaultdict(list)
    traffic = Traffic(scenario, world)
    traffic.request(next(scenario.about("spans")), scenario.whole.start, random.Random(1))

    assert [("stock", "Server"), ("web", "Client"), ("web", "Server")] == sorted(
        (row["ServiceName"], row["SpanKind"]) for row in traffic.spans
    )
    assert {"Error"} == {row["StatusCode"] for row in traffic.spans}
    assert 1 == len({row["TraceId"] for row in traffic.spans})
    assert 1 == len(traffic.moments["failure:web"])
