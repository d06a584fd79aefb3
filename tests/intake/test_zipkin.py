"""Zipkin v2 JSON: a list of spans, or spans one a line."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Claim
from lastgood.intake import zipkin
from outcomes import outcome

SPAN: dict[str, Any] = {
    "traceId": "5AF7", "id": "2", "parentId": "1", "kind": "CLIENT", "name": "get", "timestamp": 1700000000000001,
    "duration": 1500, "localEndpoint": {"serviceName": "web", "ipv4": "10.0.0.1"},
    "remoteEndpoint": {"serviceName": "cart", "ipv4": "10.0.0.2", "port": 80},
    "annotations": [{"timestamp": 1700000000000100, "value": "retry"}],
    "tags": {"http.status_code": "503", "error": "upstream is down"},
}  # fmt: skip


def test_a_list_of_spans() -> None:
    """Endpoints become service and peer; an error tag is a failure with its message."""
    found = outcome(orjson.dumps([SPAN, {**SPAN, "id": "3", "tags": {}}]))

    assert ("zipkin", (2, 2, 0, 0)) == (found.claim.format, found.tally)
    row, fine = found.rows["otel_traces"]
    assert ("5af7", "1", "Client", "web", 1_500_000) == (
        row["TraceId"], row["ParentSpanId"], row["SpanKind"], row["ServiceName"], row["Duration"],
    )  # fmt: skip
    assert ("Error", "upstream is down", "Unset") == (
        row["StatusCode"],
        row["StatusMessage"],
        fine["StatusCode"],
    )
    assert ("cart", "10.0.0.2") == tuple(
        dict(row["SpanAttributes"])[name] for name in ("service.peer.name", "server.address")
    )
    assert ["retry"] == row["Events.Name"]


def test_spans_and_lists_one_a_line() -> None:
    """A broken line between them is one reject."""
    lines = [orjson.dumps(SPAN), b'{"traceId":', orjson.dumps([SPAN, SPAN])]
    found = outcome(b"\n".join(lines))

    assert ((4, 3, 0, 0), [2]) == (found.tally, [reject.line for reject in found.rejects])


def test_a_list_that_is_cut_off() -> None:
    """Whole spans are kept."""
    found = outcome(orjson.dumps([SPAN, SPAN])[:-9])

    assert (2, 1, 0, 0) == found.tally
    assert found.balanced


@given(
    st.dictionaries(
        st.sampled_from(list(SPAN)), st.none() | st.integers() | st.text("a1") | st.lists(st.none())
    )
)
def test_nothing_crashes(changed: dict[str, Any]) -> None:
    """Any field may hold anything."""
    content = str({**SPAN, **changed}).replace("'", '"').replace("None", "null").encode()
    assert outcome(content, by=(zipkin.SOURCE, Claim("zipkin", 1, ""))).balanced
