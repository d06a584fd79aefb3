"""Segments of X-Ray are spans."""

import json
from typing import Any

from outcomes import outcome

SEGMENT: dict[str, Any] = {
    "trace_id": "1-6741e3f8-9ab2c3d4e5f60718293a4b5c", "id": "53995c3f42cd8ad8", "name": "api", "start_time": 1795356301.5,
    "end_time": 1795356301.9, "fault": True, "annotations": {"region": "eu"},
    "http": {"request": {"url": "https://api.example/pay?x=1", "method": "POST"}, "response": {"status": 500}},
    "cause": {"exceptions": [{"type": "TimeoutError", "message": "no answer"}]},
    "subsegments": [{"id": "53995c3f42cd8ad9", "name": "bank.example", "namespace": "remote", "start_time": 1795356301.6,
                     "end_time": 1795356301.8, "http": {"response": {"status": 504}}, "error": True}],
}  # fmt: skip
TRACES = {
    "Traces": [
        {"Id": SEGMENT["trace_id"], "Segments": [{"Id": SEGMENT["id"], "Document": json.dumps(SEGMENT)}]}
    ]
}


def test_a_trace_gives_a_span_for_each_segment_and_subsegment() -> None:
    """Ids as OpenTelemetry writes them, time, length, kind, status and whose each is."""
    for content in (json.dumps(TRACES), json.dumps(SEGMENT)):
        server, client = outcome(content.encode(), "traces.json").rows["otel_traces"]
        assert "6741e3f89ab2c3d4e5f60718293a4b5c" == server["TraceId"] == client["TraceId"]
        assert ("Server", "POST /pay", "Error", 400_000_000) == tuple(
            server[name] for name in ("SpanKind", "SpanName", "StatusCode", "Duration")
        )
        assert ("Client", "bank.example", "Error", server["SpanId"]) == tuple(
            client[name] for name in ("SpanKind", "SpanName", "StatusCode", "ParentSpanId")
        )
        assert {"api"} == {server["ServiceName"], client["ServiceName"]}
        assert ("500", "eu") == tuple(
            dict(server["SpanAttributes"])[name] for name in ("http.response.status_code", "region")
        )


def test_a_segment_with_another_trace_id_is_a_reject() -> None:
    """Nothing is guessed."""
    found = outcome(
        "\n".join(json.dumps({**SEGMENT, "trace_id": one}) for one in (SEGMENT["trace_id"], "abc")).encode(),
        "a",
    )

    assert (2, 1) == (len(found.rows["otel_traces"]), len(found.rejects))
    assert found.balanced
