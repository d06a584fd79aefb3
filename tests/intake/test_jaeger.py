"""Jaeger JSON: spans with their process, references and logs, whole or cut off."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Claim
from lastgood.intake import jaeger
from outcomes import outcome


def _span(own: str, **more: Any) -> dict[str, Any]:
    return {
        "traceID": "abc", "spanID": own, "operationName": "GET /cart", "startTime": 1700000000000001, "duration": 1500,
        "processID": "p1", **more,
    }  # fmt: skip


def _document(*spans: Any) -> bytes:
    processes = {"p1": {"serviceName": "cart", "tags": [{"key": "pod", "type": "string", "value": "cart-1"}]}}
    return orjson.dumps(
        {"data": [{"traceID": "abc", "spans": list(spans), "processes": processes}], "total": 0}
    )


CHILD = _span(
    "2",
    references=[
        {"refType": "CHILD_OF", "traceID": "abc", "spanID": "1"},
        {"refType": "FOLLOWS_FROM", "traceID": "def", "spanID": "9"},
    ],
    tags=[
        {"key": "span.kind", "type": "string", "value": "client"},
        {"key": "error", "type": "bool", "value": True},
        {"key": "http.status_code", "type": "int64", "value": 503},
    ],
    logs=[
        {
            "timestamp": 1700000000000100,
            "fields": [{"key": "event", "value": "retry"}, {"key": "n", "value": 2}],
        }
    ],
)


def test_a_span_keeps_everything_that_it_says() -> None:
    """Microseconds become nanoseconds, tags attributes, CHILD_OF the parent, other references links."""
    found = outcome(_document(_span("1"), CHILD))

    assert ("jaeger", (2, 2, 0, 0)) == (found.claim.format, found.tally)
    root, child = found.rows["otel_traces"]
    assert ("", "cart", "Unset", 1_500_000) == (
        root["ParentSpanId"], root["ServiceName"], root["StatusCode"], root["Duration"],
    )  # fmt: skip
    assert ("1", "Client", "Error") == (child["ParentSpanId"], child["SpanKind"], child["StatusCode"])
    assert {"error": "true", "http.status_code": "503"} == dict(child["SpanAttributes"])
    assert {"service.name": "cart", "pod": "cart-1"} == dict(child["ResourceAttributes"])
    assert (["retry"], ["def"]) == (child["Events.Name"], child["Links.TraceId"])


def test_bad_spans_cost_only_themselves() -> None:
    """A span without a start and a thing that is no span are rejects."""
    found = outcome(_document(_span("1"), _span("2", startTime=None), 7))

    assert ((3, 1, 0, 0), [2, 3]) == (found.tally, [reject.line for reject in found.rejects])


def test_whole_traces_of_a_document_that_is_cut_off() -> None:
    """The first trace is kept, what follows is one reject."""
    whole = _document(_span("1"))
    trace = whole[whole.index(b"[") + 1 : whole.rindex(b"]")]
    found = outcome(b'{"data": [' + trace + b"," + trace[:-20])

    assert (2, 1, 0, 0) == found.tally
    assert found.balanced


def test_spans_one_a_line() -> None:
    """As Jaeger stores them: the process inside the span."""
    line = orjson.dumps(_span("1", process={"serviceName": "web"}))
    found = outcome(line + b"\n" + line + b"\n")

    assert ["web", "web"] == [row["ServiceName"] for row in found.rows["otel_traces"]]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text("ab1{"),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["data", "spans", "processes", "traceID", "spanID", "tags", "startTime"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON, st.integers(0, 40))
def test_nothing_crashes(value: Any, cut: int) -> None:
    """Any JSON, whole and cut, is accounted for."""
    content = orjson.dumps({"data": [value, {"spans": [value]}]})
    for part in (content, content[:-cut]):
        assert outcome(part, by=(jaeger.SOURCE, Claim("jaeger", 1, ""))).balanced
