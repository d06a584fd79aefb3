"""OTLP as a real SDK produces it, as JSON and as protobuf, whole and framed, whole and cut off."""

import gzip
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from hypothesis import example, given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogsData
from opentelemetry.sdk.metrics import Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from lastgood.decoding.input import Claim, Input
from lastgood.intake import otlp
from lastgood.model.loading import Loaded
from lastgood.workbench.load import load
from lastgood.workbench.store import Store
from outcomes import outcome

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
RESOURCE = Resource({"service.name": "cart", "service.version": "2.1", "tags": ["a", "b"]})


def _spans() -> ExportTraceServiceRequest:
    """A server span that fails with an event and a link, and its child."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(resource=RESOURCE)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("shop", "1.0")
    with tracer.start_as_current_span("GET /cart", kind=SpanKind.SERVER) as outer:
        with tracer.start_as_current_span(
            "SELECT", kind=SpanKind.CLIENT, links=[Link(outer.get_span_context())]
        ):
            pass
        outer.set_attributes({"http.response.status_code": 503, "ok": False, "share": 0.5, "ids": [1, 2]})
        outer.add_event("retry", {"attempt": 2})
        outer.set_status(Status(StatusCode.ERROR, "no stock"))
    return encode_spans(kept.get_finished_spans())


def _metrics() -> Message:
    """One metric of every kind that the SDK makes."""
    reader = InMemoryMetricReader()
    view = View(
        instrument_type=Histogram, instrument_name="exp", aggregation=ExponentialBucketHistogramAggregation()
    )
    provider = MeterProvider([reader], resource=RESOURCE, views=[view])
    meter = provider.get_meter("shop")
    meter.create_counter("hits", "{request}").add(3, {"route": "/cart"})
    meter.create_up_down_counter("open").add(-1)
    meter.create_gauge("load").set(0.25)
    for name in ("plain", "exp"):
        meter.create_histogram(name, "s").record(2.0)
        meter.create_histogram(name, "s").record(4.0)
    metrics = reader.get_metrics_data()
    assert metrics is not None
    provider.shutdown()
    return encode_metrics(metrics)


def _hexed(value: Any) -> Any:
    """The protobuf JSON form with ids in hex, as OTLP wants them."""
    if isinstance(value, list):
        return [_hexed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: __import__("base64").b64decode(inner).hex()
        if key in {"traceId", "spanId", "parentSpanId"}
        else _hexed(inner)
        for key, inner in value.items()
    }


def _json(message: Message) -> bytes:
    return orjson.dumps(_hexed(MessageToDict(message)))


def _load(store: Store, path: Path, content: bytes) -> Loaded:
    path.write_bytes(content)
    (loaded,) = load(store, [path], now=NOW, zone=UTC).inputs
    return loaded


def _rows(store: Store, sql: str) -> list[dict[str, Any]]:
    return store.engine.query(sql.replace("@", f"{store.engine.database}.")).rows


def _written(message: Message) -> Iterator[tuple[str, bytes]]:
    """The same message in every way that a file may hold it."""
    body = message.SerializeToString()
    yield "lines", _json(message) + b"\n"
    yield "document", orjson.dumps(orjson.loads(_json(message)), option=orjson.OPT_INDENT_2)
    yield "base64 ids", orjson.dumps(MessageToDict(message)) + b"\n"
    yield "protobuf", body
    yield "framed", struct.pack(">I", len(body)) + body
    yield "gzip", gzip.compress(body)


def test_spans_are_the_same_however_they_are_written(store: Store, tmp_path: Path) -> None:
    """JSON lines, an indented document, protobuf whole and framed: same rows, every field kept."""
    request = _spans()
    seen = []
    for name, content in _written(request):
        loaded = _load(store, tmp_path / name, content)
        assert (2, 2, 0) == (loaded.lines, loaded.events, loaded.rejects), name
        seen.append(_rows(store, "SELECT * FROM @otel_traces ORDER BY SpanName"))
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.otel_traces")

    assert all(rows == seen[0] for rows in seen)
    outer, child = seen[0]
    assert ("cart", "Server", "Error", "no stock") == (
        outer["ServiceName"], outer["SpanKind"], outer["StatusCode"], outer["StatusMessage"],
    )  # fmt: skip
    assert {"http.response.status_code": "503", "ok": "false", "share": "0.5", "ids": "[1,2]"} == dict(
        outer["SpanAttributes"]
    )
    assert '["a","b"]' == dict(outer["ResourceAttributes"])["tags"]
    assert (["retry"], [outer["SpanId"]]) == (list(outer["Events.Name"]), list(child["Links.SpanId"]))
    assert (outer["SpanId"], outer["TraceId"]) == (child["ParentSpanId"], child["TraceId"])
    spans = request.resource_spans[0].scope_spans[0].spans
    took = next(s.end_time_unix_nano - s.start_time_unix_nano for s in spans if s.name == "GET /cart")
    assert took == outer["Duration"]


@pytest.mark.parametrize("written", ["lines", "protobuf"])
def test_metrics_of_every_kind(store: Store, tmp_path: Path, written: str) -> None:
    """Sums keep their monotony, histograms their buckets, exponential ones have a table of their own."""
    loaded = _load(store, tmp_path / "m", dict(_written(_metrics()))[written])

    assert 5 == loaded.events == loaded.lines
    assert {
        "otel_metrics_sum": 2,
        "otel_metrics_gauge": 1,
        "otel_metrics_histogram": 1,
        "otel_metrics_exponential_histogram": 1,
    } == loaded.rows
    sums = _rows(
        store, "SELECT MetricName AS m, Value AS v, IsMonotonic AS i FROM @otel_metrics_sum ORDER BY m"
    )
    assert [{"m": "hits", "v": 3.0, "i": True}, {"m": "open", "v": -1.0, "i": False}] == sums
    for table in ("otel_metrics_histogram", "otel_metrics_exponential_histogram"):
        assert [{"c": 2, "s": 6.0, "n": 2.0}] == _rows(
            store, f"SELECT Count AS c, Sum AS s, Min AS n FROM @{table}"
        )


LOG = {
    "timeUnixNano": "1700000000000000001",
    "severityNumber": 17,
    "body": {"kvlistValue": {"values": [{"key": "a", "value": {"intValue": "1"}}]}},
    "attributes": [{"key": "user.id", "value": {"stringValue": "u1"}}],
    "traceId": "5b8efff798038103d269b633813fc60c",
}


def _logs(*records: Any) -> bytes:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "web"}}]}
    document = {
        "resourceLogs": [
            {"resource": resource, "scopeLogs": [{"scope": {"name": "app"}, "logRecords": records}]}
        ]
    }
    return orjson.dumps(document) + b"\n"


def test_logs_with_structured_bodies_and_bad_ones_between(store: Store, tmp_path: Path) -> None:
    """A map becomes JSON; a record without a time and a broken line are rejects with their line."""
    loaded = _load(store, tmp_path / "l.json", _logs(LOG, {"body": {}}) + b'{"resourceLogs":\n\n')

    assert (4, 1, 1, 2) == (loaded.lines, loaded.events, loaded.blanks, loaded.rejects)
    assert [1, 2] == [reject.line for reject in loaded.first_rejects]
    assert [{"b": '{"a":1}', "n": 17, "s": "web", "o": "app", "u": "u1"}] == _rows(
        store,
        "SELECT Body AS b, SeverityNumber AS n, ServiceName AS s, ScopeName AS o, LogAttributes['user.id'] AS u "
        "FROM @otel_logs",
    )


def test_protobuf_logs_and_a_file_that_is_cut_off(store: Store, tmp_path: Path) -> None:
    """Messages before the cut are stored, the rest is one reject."""
    message = LogsData()
    record = message.resource_logs.add().scope_logs.add().log_records.add()
    record.time_unix_nano, record.body.string_value = 1_700_000_000_000_000_000, "hello"
    body = message.SerializeToString()
    framed = struct.pack(">I", len(body)) + body

    loaded = _load(store, tmp_path / "l.bin", framed * 3 + framed[:-3])

    assert ("otlp-protobuf logs", 4, 3, 1) == (loaded.format, loaded.lines, loaded.events, loaded.rejects)


def test_a_line_that_is_cut_off_keeps_its_whole_resources(store: Store, tmp_path: Path) -> None:
    """The first of two resources is stored, the rest of the line is one reject."""
    line = _logs(LOG)
    resource = line[line.index(b"[") + 1 : line.rindex(b"]")]
    loaded = _load(store, tmp_path / "l.json", b'{"resourceLogs":[' + resource + b"," + resource[:-30])

    assert (2, 1, 1) == (loaded.lines, loaded.events, loaded.rejects)


def test_points_without_a_value_are_blanks(store: Store, tmp_path: Path) -> None:
    """A summary is kept; a point flagged as having no recorded value is not a zero."""
    at = {"timeUnixNano": "1700000000000000000"}
    summary = {**at, "count": "4", "sum": 8.0, "quantileValues": [{"quantile": 0.5, "value": 2.0}]}
    metrics = [
        {"name": "s", "summary": {"dataPoints": [summary]}},
        {"name": "g", "gauge": {"dataPoints": [{**at, "flags": 1}]}},
    ]
    content = orjson.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]})

    loaded = _load(store, tmp_path / "m.json", content)

    assert (2, 1, 1) == (loaded.lines, loaded.events, loaded.blanks)
    assert [{"Count": 4, "v": [2.0]}] == _rows(
        store, "SELECT Count, ValueAtQuantiles.Value AS v FROM @otel_metrics_summary"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([
        "resourceSpans", "scopeSpans", "spans", "resource", "attributes", "key", "value", "intValue", "arrayValue",
        "values", "resourceMetrics", "scopeMetrics", "metrics", "sum", "histogram", "dataPoints", "startTimeUnixNano",
        "endTimeUnixNano", "traceId", "spanId", "bucketCounts", "timeUnixNano", "asDouble", "status", "events",
    ]), inner),
    max_leaves=30,
)  # fmt: skip


def _balanced(content: bytes, form: str) -> bool:
    return outcome(content, by=(otlp.SOURCE, Claim(form, 1, ""))).balanced


@given(JSON)
def test_no_json_crashes_and_all_of_it_is_accounted_for(value: Any) -> None:
    """Wrong types at any depth become rejects."""
    content = orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS) if _small(value) else b"{}"
    assert _balanced(content, "otlp-json spans")
    assert _balanced(b'{"resourceSpans":\n' + content, "otlp-json spans")


def _small(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) < 1 << 63
    if isinstance(value, str):
        return value.isascii()
    if isinstance(value, dict):
        return all(_small(one) for one in value.values())
    return not isinstance(value, list) or all(_small(one) for one in value)


@given(st.binary(), st.sampled_from(["spans", "logs", "metrics"]))
@example(b"\xfd7zXZ\x00", "spans")
def test_no_bytes_crash(content: bytes, signal: str) -> None:
    """Neither as protobuf nor as JSON, nor when asked whose they are."""
    assert otlp.recognise(Input(None, "x", content)) is None or content
    assert _balanced(content, f"otlp-protobuf {signal}")
    assert _balanced(b"\x0a" + bytes([min(len(content), 127)]) + content, f"otlp-protobuf {signal}")
    assert _balanced(content, "otlp-json logs")
