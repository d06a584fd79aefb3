"""Spans under a header: ids, a beginning, and a length whose unit is known."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import span_tables
from outcomes import outcome

MICROSECONDS = (
    b"time,traceID,spanID,serviceName,operationName,startTimeMillis,startTime,duration,statusCode,parentSpanID\n"
    b",A1,01,web,/pay,1700000000000,1700000000000000,9000,502,\n"
    b",A1,02,pay,Charge,1700000000000,1700000000000100,6000,14,01\n"
    b",A1,03,bank,Book,1700000000000,1700000000000200,3000,5,02\n"
)


def test_a_duration_is_counted_as_its_beginning_is() -> None:
    """Microseconds since 1970, and so many microseconds; statuses are those of HTTP and of gRPC."""
    found = outcome(MICROSECONDS)

    assert "span table" == found.claim.format
    assert found.balanced
    web, pay, bank = found.rows["otel_traces"]
    assert ("web", "/pay", 9_000_000, 1700000000000000000) == (
        web["ServiceName"], web["SpanName"], web["Duration"], web["Timestamp"].value
    )  # fmt: skip
    assert ("a1", "01") == (pay["TraceId"], pay["ParentSpanId"])
    assert ["Unset", "Error", "Unset"] == [span["StatusCode"] for span in (web, pay, bank)]
    assert "502" == dict(web["SpanAttributes"])["http.response.status_code"]


def test_a_unit_that_is_named_and_times_that_are_written() -> None:
    """Milliseconds by the column's name; OpenTelemetry's kinds and statuses; the pod is where it ran."""
    found = outcome(
        b"trace_id;span_id;parent_id;service;name;kind;start_time;duration_ms;status;pod\n"
        b"a1;01;;web;/pay;SPAN_KIND_SERVER;2026-11-22T14:00:00Z;9.5;ERROR;web-1\n"
    )

    (span,) = found.rows["otel_traces"]
    assert (9_500_000, "Error") == (span["Duration"], span["StatusCode"])
    assert {"k8s.pod.name": "web-1"} == dict(span["ResourceAttributes"])


def test_a_pod_says_whose_it_is_and_a_root_has_no_parent() -> None:
    """The owner of the pod, where no column names a service; several words mean that nothing is above."""
    found = outcome(
        b"TraceID,SpanID,ParentID,PodName,StartTimeUnixNano,EndTimeUnixNano\n"
        b"a1,01,root,cart-5f6585d649-fnmft,1700000000000000000,1700000000250000000\n"
        b"a1,02,01,redis,1700000000000000000,1700000000100000000\n"
    )

    reported = [(span["ServiceName"], span["ParentSpanId"]) for span in found.rows["otel_traces"]]
    assert [("cart", ""), ("redis", "01")] == reported
    assert {"k8s.pod.name": "cart-5f6585d649-fnmft"} == dict(
        found.rows["otel_traces"][0]["ResourceAttributes"]
    )


def test_an_end_is_as_good_as_a_duration() -> None:
    """Their difference."""
    found = outcome(b"traceId,spanId,start,end\na1,01,1700000000000,1700000000250\n")

    assert 250_000_000 == found.rows["otel_traces"][0]["Duration"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"trace_id,span_id,start_time,duration\na1,01,2026-11-22T14:00:00Z,9\n",
        b"trace_id,span_id,start_time\na1,01,1700000000000\n",
        b"trace_id,span_id,start_time,duration\n,01,1700000000000,9\n",
        b"trace_id,span_id,parent_id,start_time,duration\na1,01,,1700000000000,900\na1,02,01,1700000000000,90000\n",
        b"time,trace_id,span_id,level,message\n2026-11-22T14:00:00Z,a1,01,info,hello\n",
    ],
)
def test_what_is_no_table_of_spans(content: bytes) -> None:
    """No length, none whose unit is known, ids that are missing, children that outlive their parents, or lines."""
    assert None is span_tables.recognise(Input(None, "x", content))
