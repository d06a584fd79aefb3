"""The server's own log."""

import io
import json

from lastgood.surfaces.server.log import TRACE, Log
from records import ticking


def test_a_line_is_one_json_object_with_the_trace_of_its_request() -> None:
    """Line breaks and control characters in values do not break it."""
    stream = io.StringIO()
    log = Log(ticking(), stream)
    token = TRACE.set("ab" * 16)
    log.say("investigation", problem="two\nlines\x1b[31m")
    TRACE.reset(token)
    log.say("started")

    first, second = map(json.loads, stream.getvalue().splitlines())
    assert {
        "time": "2026-11-22T14:45:00Z", "event": "investigation", "problem": "two\nlines\x1b[31m", "trace_id": "ab" * 16,
    } == first  # fmt: skip
    assert {"time": "2026-11-22T14:45:01Z", "event": "started"} == second
