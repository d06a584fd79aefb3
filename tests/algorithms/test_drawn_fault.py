"""A fault drawn into rows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from lastgood.algorithms.drawn_fault import change_of, draw, lines_of, renamed
from lastgood.model.attributes import ERROR_TYPE, HTTP_STATUS
from lastgood.model.rehearsal import Effect
from records import START

FAILING = Effect("b", 1.0)


def span(name: str, parent: str, service: str, kind: str, **attributes: str) -> dict[str, Any]:
    return {
        "TraceId": "t", "SpanId": name, "SpanName": name, "ParentSpanId": parent, "ServiceName": service, "SpanKind": kind, "Timestamp": START,
        "Duration": 1000, "StatusCode": "Unset", "StatusMessage": "", "SpanAttributes": [*attributes.items()],
        "ResourceAttributes": [("service.version", "1")],
    }  # fmt: skip


def trace() -> list[dict[str, Any]]:
    """A calls b, which calls c; a also calls d."""
    return [
        span("1", "", "a", "Server", **{HTTP_STATUS: "200", "cloud.region": "eu"}),
        span("2", "1", "a", "Client", **{"server.address": "b"}),
        span("3", "2", "b", "Server"),
        span("4", "3", "b", "Client"),
        span("5", "4", "c", "Server"),
        span("6", "1", "a", "Client", **{"server.address": "d"}),
    ]


def test_all_that_wait_fail_and_nothing_else() -> None:
    """With a status where there was one; the error type stands where it happened."""
    rows = trace()

    assert ["3"] == [row["SpanId"] for row in draw(rows, FAILING)]
    assert ["1", "2", "3"] == [row["SpanId"] for row in rows if row["StatusCode"] == "Error"]
    assert ("500", "Rehearsed") == (
        dict(rows[0]["SpanAttributes"])[HTTP_STATUS],
        dict(rows[2]["SpanAttributes"])[ERROR_TYPE],
    )
    assert HTTP_STATUS not in dict(rows[2]["SpanAttributes"])


def test_slow_ones_a_segment_and_a_service_without_spans() -> None:
    """Each waits as long; requests of another segment are spared; who calls is known by its client span."""
    slow, spared, silent = trace(), trace(), trace()
    draw(slow, Effect("b", 0.0, 2.0))
    silent_hit = draw(silent, Effect("d", 1.0))

    assert [2_000_001_000] * 3 + [1000] * 3 == [row["Duration"] for row in slow]
    assert [] == draw(spared, Effect("b", 1.0, where=(("cloud.region", "us"),)))
    assert ["6"] == [row["SpanId"] for row in silent_hit]
    assert ["1", "6"] == [row["SpanId"] for row in silent if row["StatusCode"] == "Error"]


def test_lines_and_changes_are_like_those_that_are_there() -> None:
    """No level, no trace id, no deploy, where the others have none; no line of a service that writes none."""
    rows = trace()
    hit = draw(rows, FAILING)
    bare = {"TraceId": "", "SeverityNumber": 0, "ServiceName": "b", "Timestamp": START}
    full = {"TraceId": "x", "SeverityNumber": 9, "ServiceName": "b", "Timestamp": START}

    assert [("", 0)] == [(one["TraceId"], one["SeverityNumber"]) for one in lines_of(hit, [bare], FAILING)]
    assert [("t", 17)] == [(one["TraceId"], one["SeverityNumber"]) for one in lines_of(hit, [full], FAILING)]
    assert [] == lines_of(hit, [], FAILING)
    assert change_of(FAILING, START, [{"Kind": "flag"}]) is None
    assert "rehearsed-b" == (change_of(FAILING, START, [{"Kind": "deploy"}]) or {})["Id"]
    renamed(rows, FAILING, ("service.version",), START - timedelta(seconds=1))
    assert {"a": "1", "b": "rehearsed", "c": "1"} == {
        row["ServiceName"]: row["ResourceAttributes"][0][1] for row in rows
    }


def test_an_operation_is_that_of_the_entry() -> None:
    """By its name or its route, as segments of an incident name it; not that of a service below."""
    routed = trace()
    routed[0]["SpanAttributes"].append(("http.route", "/checkout"))
    for operation, hit in (("1", ["3"]), ("3", []), ("/checkout", ["3"])):
        rows = draw(routed, replace(FAILING, where=(("operation", operation),)))
        assert hit == [row["SpanId"] for row in rows]
