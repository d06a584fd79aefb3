"""Spans of Datadog's tracers."""

import json
from typing import Any

import pytest

from outcomes import outcome

BEGUN = 1795356301_500_000_001
WEB: dict[str, Any] = {
    "trace_id": 7311, "span_id": 41, "parent_id": 0, "service": "kiosk", "name": "flask.request", "resource": "POST /tickets",
    "start": BEGUN, "duration": 420_000_000, "error": 1, "type": "web",
    "meta": {"http.status_code": "502", "http.method": "POST", "env": "prod", "version": "3.1.0", "error.message": "no seat"},
    "metrics": {"_sampling_priority_v1": 1, "retries": 2},
}  # fmt: skip
SEATS = {
    **WEB,
    "span_id": 42,
    "parent_id": 41,
    "service": "seats",
    "resource": "GET /free",
    "type": "",
    "error": 0,
    "meta": {},
}
INNER = {**SEATS, "span_id": 43, "parent_id": 42, "name": "pick", "resource": "pick"}
QUERY = {
    **SEATS,
    "span_id": 44,
    "parent_id": 43,
    "name": "mysql.query",
    "resource": "select 1",
    "type": "sql",
}
TRACE = [WEB, SEATS, INNER, QUERY]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(one) for one in ([WEB], TRACE[1:])),
        json.dumps([TRACE]),
        json.dumps(TRACE),
        json.dumps({"traces": [TRACE]}),
        "\n".join(map(json.dumps, TRACE)),
    ],
)
def test_each_span_of_a_list_of_them_is_one(content: str) -> None:
    """Whichever way the lists are kept: time, length, ids, status, version, and whose each is."""
    found = outcome(content.encode(), "traces.jsonl")
    web, seats, _, query = found.rows["otel_traces"]

    assert "Datadog traces" == found.claim.format
    assert (4, 4) == found.tally[:2]
    assert ("7311", "41", "", "POST /tickets", "Server", "Error", 420_000_000, "no seat") == tuple(
        web[name]
        for name in (
            "TraceId",
            "SpanId",
            "ParentSpanId",
            "SpanName",
            "SpanKind",
            "StatusCode",
            "Duration",
            "StatusMessage",
        )
    )
    assert BEGUN == web["Timestamp"].value
    assert {"3.1.0", "prod", "kiosk"} == set(dict(web["ResourceAttributes"]).values())
    assert ("502", "2") == tuple(
        dict(web["SpanAttributes"])[name] for name in ("http.response.status_code", "retries")
    )
    assert ("seats", "GET /free", "41") == tuple(
        seats[name] for name in ("ServiceName", "SpanName", "ParentSpanId")
    )
    assert ("Client", "mysql.query", "select 1") == (
        query["SpanKind"], query["SpanName"], dict(query["SpanAttributes"])["db.query.text"]
    )  # fmt: skip


def test_a_span_enters_a_service_where_its_parent_is_of_another() -> None:
    """A kind that the tracer states comes first."""
    told = {**INNER, "span_id": 45, "meta": {"span.kind": "client"}}
    rows = outcome(json.dumps([*TRACE, told]).encode(), "a").rows["otel_traces"]

    assert ["Server", "Server", "Internal", "Client", "Client"] == [row["SpanKind"] for row in rows]


def test_an_id_of_128_bits_is_hexadecimal() -> None:
    """Its upper half stands at one span of the trace only."""
    wide = {**WEB, "meta": {"_dd.p.tid": "6741E3F800000000"}}
    rows = outcome(json.dumps([wide, SEATS]).encode(), "a").rows["otel_traces"]

    assert {"6741e3f80000000000000000" + f"{7311:08x}"} == {row["TraceId"] for row in rows}


def test_a_span_without_a_start_is_a_reject() -> None:
    """The others of its trace are not lost."""
    broken = {name: value for name, value in INNER.items() if name != "start"}
    found = outcome(json.dumps([WEB, broken, 7]).encode(), "a")

    assert (1, 2) == (len(found.rows["otel_traces"]), len(found.rejects))
    assert found.balanced
