"""OTLP requests: read as a whole or refused as a whole."""

from typing import Any

import orjson
import pytest
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from lastgood.decoding.input import Batch, Reject, Tally
from lastgood.intake.otlp.requests import NotOtlpError, decoded
from lastgood.model.signal import Signal

START = 1_764_455_000_000_000_000


def request(spans: int = 2, **attributes: Any) -> ExportTraceServiceRequest:
    """A request with spans, each of which has the attributes, given as AnyValue fields."""
    made = ExportTraceServiceRequest()
    resource = made.resource_spans.add()
    name = resource.resource.attributes.add()
    name.key, name.value.string_value = "service.name", "cart"
    scope = resource.scope_spans.add()
    for number in range(spans):
        span = scope.spans.add()
        span.trace_id, span.span_id = bytes([number + 1]) * 16, bytes([number + 1]) * 8
        span.start_time_unix_nano, span.end_time_unix_nano = START, START + 5_000_000
        for key, fill in attributes.items():
            attribute = span.attributes.add()
            attribute.key = key
            fill(attribute.value)
    return made


def rows(body: bytes, *, as_json: bool = False) -> list[dict[str, Any]]:
    items = decoded(Signal.SPANS, body, as_json=as_json)
    return [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]


def listed(value: Any) -> None:
    value.array_value.values.add().string_value = "a<b & c"
    value.array_value.values.add().int_value = 3
    value.array_value.values.add().double_value = 2.0


def named(value: Any) -> None:
    for key, flag in (("z", True), ("a", False)):
        pair = value.kvlist_value.values.add()
        pair.key, pair.value.bool_value = key, flag


def raw(value: Any) -> None:
    value.bytes_value = b"\x01\xff"


def nothing(value: Any) -> None:
    value.array_value.SetInParent()


def test_arrays_maps_and_bytes_are_kept_as_the_exporter_writes_them() -> None:
    """JSON as Go writes it (names in order, HTML escaped), base64 for bytes."""
    body = request(1, tags=listed, map=named, raw=raw, none=nothing).SerializeToString()

    assert {
        "tags": '["a\\u003cb \\u0026 c",3,2]', "map": '{"a":false,"z":true}', "raw": "Af8=", "none": "[]",
    } == dict(rows(body)[0]["SpanAttributes"])  # fmt: skip


def test_json_and_protobuf_give_the_same_rows() -> None:
    """Ids are hexadecimal in OTLP's JSON, not base64."""
    message = request(2, tags=listed, map=named, raw=raw)
    document = MessageToDict(message)
    for one, span in zip(
        document["resourceSpans"][0]["scopeSpans"][0]["spans"],
        message.resource_spans[0].scope_spans[0].spans,
        strict=True,
    ):
        one["traceId"], one["spanId"] = span.trace_id.hex(), span.span_id.hex()

    assert rows(message.SerializeToString()) == rows(orjson.dumps(document), as_json=True)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'{"resourceSpans": 3}', b'{"resourceSpans": [', b""])
def test_json_that_is_no_request_is_refused(body: bytes) -> None:
    """As a whole."""
    with pytest.raises(NotOtlpError):
        list(decoded(Signal.SPANS, body, as_json=True))


@given(cut=st.integers(1, 200))
def test_a_request_that_is_cut_off_is_refused_or_ends_at_a_whole_part(cut: int) -> None:
    """Never some spans of a broken message."""
    body = request(3).SerializeToString()
    try:
        found = rows(body[: -min(cut, len(body))])
    except NotOtlpError:
        return
    assert [] == found


def test_an_empty_request_is_fine() -> None:
    """Collectors send one to see who is there."""
    assert [] == rows(b"")
    assert [] == rows(b"{}", as_json=True)


def test_a_span_without_ids_is_a_reject_and_its_neighbours_are_kept() -> None:
    """With its reason; the account adds up."""
    message = request(3)
    message.resource_spans[0].scope_spans[0].spans[1].trace_id = b""
    items = list(decoded(Signal.SPANS, message.SerializeToString(), as_json=False))

    assert [2] == [item.rows.num_rows for item in items if isinstance(item, Batch)]
    assert 1 == sum(isinstance(item, Reject) for item in items)
    assert (3, 2) == next((item.lines, item.events) for item in items if isinstance(item, Tally))
