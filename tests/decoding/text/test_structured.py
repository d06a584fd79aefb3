"""Structured lines: what each family of loggers writes, as one event."""

import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.text.structured import JSON_LINES, LOGFMT, StructuredFormat, json_fields, logfmt_fields
from outcomes import outcome

REFERENCE = Reference(UTC, 4_102_444_800_000_000_000)
TIME = datetime(2026, 11, 22, 14, 41, tzinfo=UTC)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def read(line: str, form: StructuredFormat = JSON_LINES) -> dict[str, Any]:
    """The one event of a line, maps as dictionaries."""
    mask, table = form.match(pa.array([line.encode()]), REFERENCE)
    assert [True] == mask.tolist()
    (row,) = table.to_pylist()
    return {
        **row,
        "LogAttributes": dict(row["LogAttributes"]),
        "ResourceAttributes": dict(row["ResourceAttributes"]),
    }


FAMILIES = {
    "bunyan": {"name": "cart", "hostname": "h", "pid": 7, "level": 50, "msg": "no stock", "time": "2026-11-22T14:41:00.000Z", "v": 0},
    "pino": {"level": 50, "time": 1795358460000, "pid": 7, "hostname": "h", "name": "cart", "msg": "no stock"},
    "zap": {"level": "error", "ts": 1795358460.0, "logger": "shop", "msg": "no stock", "service": "cart"},
    "logrus": {"level": "error", "time": "2026-11-22T14:41:00Z", "msg": "no stock", "app": "cart"},
    "Serilog": {"@t": "2026-11-22T14:41:00Z", "@l": "Error", "@mt": "no {What}", "What": "stock", "Application": "cart"},
    "ECS nested": {"@timestamp": "2026-11-22T14:41:00Z", "log": {"level": "ERROR"}, "message": "no stock", "service": {"name": "cart"}},
    "ECS dotted": {"@timestamp": "2026-11-22T14:41:00Z", "log.level": "ERROR", "message": "no stock", "service.name": "cart"},
    "GCP": {"timestamp": "2026-11-22T14:41:00Z", "severity": "ERROR", "jsonPayload": {"message": "no stock"},
            "resource": {"labels": {"service_name": "cart"}}},
    "GCP text": {"timestamp": "2026-11-22T14:41:00Z", "severity": "ERROR", "textPayload": "no stock", "labels": {"service": "cart"}},
    "journald": {"__REALTIME_TIMESTAMP": "1795358460000000", "PRIORITY": "3", "MESSAGE": "no stock", "SYSLOG_IDENTIFIER": "cart"},
    "GELF": {"version": "1.1", "host": "h", "short_message": "no stock", "timestamp": 1795358460.0, "level": 3, "_service": "cart"},
    "log4j JSON": {"instant": {"epochSecond": 1795358460, "nanoOfSecond": 0}, "level": "ERROR", "loggerName": "a.B", "message": "no stock",
                   "contextMap": {"service": "cart"}},
    "logstash": {"@timestamp": "2026-11-22T14:41:00Z", "@version": "1", "message": "no stock", "logger_name": "a.B", "level": "ERROR",
                 "level_value": 40000, "appName": "cart"},
    "structlog": {"event": "no stock", "level": "error", "timestamp": "2026-11-22T14:41:00Z", "service": "cart"},
    "OTLP-like": {"timeUnixNano": "1795358460000000000", "severityText": "ERROR", "body": "no stock", "resource": {"service.name": "cart"}},
    "python-json": {"asctime": "2026-11-22 14:41:00,000", "levelname": "ERROR", "name": "a.b", "message": "no stock", "service": "cart"},
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_understood(family: str) -> None:
    """Time, severity, message and service are found wherever the logger puts them."""
    row = read(json.dumps(FAMILIES[family]))
    assert (TIME, 17, "no stock", "cart") == (
        row["Timestamp"], row["SeverityNumber"], row["Body"], row["ServiceName"],
    )  # fmt: skip


def test_fields_get_their_opentelemetry_names() -> None:
    """Ids, status, duration, route, user, pod, version, exception."""
    row = read(
        json.dumps(
            {
                "time": "2026-11-22T14:41:00Z", "msg": "x", "traceId": TRACE.upper(), "http": {"status_code": 503, "method": "GET"},
                "duration_ms": 12.5, "route": "/cart/:id", "userId": 7, "kubernetes": {"pod_name": "cart-1"}, "version": "v2",
                "err": {"type": "Boom", "message": "bad", "stack": "Boom: bad\n    at f"}, "ok": True, "status": "failed", "tags": ["a"],
            }
        )
    )  # fmt: skip

    assert TRACE == row["TraceId"]
    assert {
        "http.response.status_code": "503", "http.request.method": "GET", "lg.duration_ns": "12500000", "http.route": "/cart/:id",
        "user.id": "7", "exception.type": "Boom", "exception.message": "bad", "exception.stacktrace": "Boom: bad\n    at f",
        "ok": "true", "status": "failed", "tags": "a",
    } == row["LogAttributes"]  # fmt: skip
    assert {"k8s.pod.name": "cart-1", "service.version": "v2"} == row["ResourceAttributes"]


@pytest.mark.parametrize(
    ("fields", "whole"),
    [
        ({"http.request.body.content": '{"zip": null, "to": {"city": "Cork"}}'}, '{"zip": null, "to": {"city": "Cork"}}'),
        ({"http": {"request": {"body": {"content": '{"a": 1}'}}}}, '{"a": 1}'),
        ({"http.request.body.content": {"a": 1}}, '{"a":1}'),
        ({"request_body": {"a": 1}}, '{"a":1}'),
    ],
)  # fmt: skip
def test_the_body_of_a_request_stays_whole_beside_its_fields(fields: dict[str, Any], whole: str) -> None:
    """Its fields can be searched; only the whole, its nulls too, can be sent again."""
    line = json.dumps({"time": "2026-11-22T14:41:00Z", "message": "failed", **fields})
    attributes = read(line)["LogAttributes"]

    assert whole in attributes.values()
    assert {"Cork", "1"} & set(attributes.values())


def test_a_size_beside_a_body_is_no_body() -> None:
    """Of ECS, `http.request.body` holds the size and the text."""
    fields = {"http": {"request": {"body": {"bytes": 5}}}}
    row = read(json.dumps({"time": "2026-11-22T14:41:00Z", "message": "m", **fields}))

    assert "http.request.body" not in row["LogAttributes"]


def test_a_trace_parent_gives_both_ids() -> None:
    """As W3C writes it."""
    row = read(json.dumps({"time": 1795358460, "msg": "x", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}))
    assert (TRACE, "00f067aa0ba902b7") == (row["TraceId"], row["SpanId"])


def test_of_two_fields_with_one_meaning_both_stay() -> None:
    """The better name is the message, the other an attribute."""
    row = read(json.dumps({"time": 1795358460, "msg": "short", "message": "long"}))
    assert ("long", {"msg": "short"}) == (row["Body"], row["LogAttributes"])


def test_an_object_without_a_message_is_its_own() -> None:
    """Nothing is made up."""
    assert '{"time":1795358460,"a":1}' == read('{"time":1795358460,"a":1}\n')["Body"]


def test_logfmt_is_read() -> None:
    """Quotes, escapes, bare words, empty values."""
    row = read(r'ts=2026-11-22T14:41:00Z lvl=warn msg="no \"stock\"" svc= service=cart took=1.5s', LOGFMT)
    assert (TIME, 13, 'no "stock"', "cart") == (
        row["Timestamp"], row["SeverityNumber"], row["Body"], row["ServiceName"],
    )  # fmt: skip
    assert "1500000000" == row["LogAttributes"]["lg.duration_ns"]


@given(st.binary(max_size=80), st.sampled_from([b"{", b"a=", b'a="', b'{"a":']))
def test_what_is_neither_is_left_alone(line: bytes, start: bytes) -> None:
    """Text with an equals sign in it is text."""
    json_fields(start + line)
    logfmt_fields(start + line)
    assert logfmt_fields(b"user id=7 failed") is None
    assert logfmt_fields(b"id=7") is None
    assert json_fields(b"{}") is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_no_json_crashes_it(value: Any) -> None:
    """Whatever the values and however deep."""
    read(json.dumps({"time": 1795358460, "x": value, "msg": value}))


def test_names_do_not_take_more_room_than_the_line() -> None:
    """What is nested under a long name stays JSON, and fields beyond the most are not even named."""
    inner = {str(place): 1 for place in range(50_000)}
    line = json.dumps({"time": "2026-11-22T14:41:00Z", "msg": "x", "k" * 400_000: inner, **inner})

    event = read(line)

    assert "x" == event["Body"]
    assert 200 > len(event["LogAttributes"]) > 190
    assert all(len(name) <= 1_024 for name in event["LogAttributes"])
    assert json.dumps(inner, separators=(",", ":")) == event["LogAttributes"]["k" * 1_024]


@pytest.mark.parametrize("value", [2**64, -(2**70), [2**64], {"a": [[2**64]]}])
def test_a_number_of_any_length_is_kept(value: object) -> None:
    """As far as it is read: the reader of JSON takes those beyond 64 bits as floating point."""
    assert "x" == read(json.dumps({"time": "2026-11-22T14:41:00Z", "msg": "x", "n": value}))["Body"]


@pytest.mark.parametrize("nanos", [[[1]], -1, 1.5, "soon", 10**12, None])
def test_a_fraction_that_is_none_spoils_no_line(nanos: object) -> None:
    """The whole seconds stay; without them there is no time at all."""
    instant = {"epochSecond": 1795358460, "nanoOfSecond": nanos}

    assert TIME == read(json.dumps({"instant": instant, "message": "x"}))["Timestamp"].to_pydatetime(
        warn=False
    )
    assert None is read(json.dumps({"instant": {"nanoOfSecond": 7}, "message": "x"}))["Timestamp"]


@pytest.mark.parametrize("status", ["9" * 5000, "\u00b2", "\u00b2\u00b3\u00b2", "1e999"])
def test_digits_that_are_no_number_spoil_no_line(status: str) -> None:
    """Python reads no number of 5 000 digits, nor superscripts, which it calls digits: either ended the whole file."""
    line = {
        "time": "2026-11-22T14:41:00Z",
        "msg": "x",
        "status": status,
        "level": status,
        "duration_s": status,
    }

    assert "x" == read(json.dumps(line))["Body"]


def test_the_host_of_an_access_log_is_the_one_asked_for() -> None:
    """Beside a request's first line; elsewhere it is the machine."""
    line = b'{"ts": "2026-06-04T14:00:21Z", "host": "sandbox.shop.example", "request": "GET /a HTTP/1.1", "status": 200}\n'
    other = line.replace(b'"request": "GET /a HTTP/1.1"', b'"msg": "up"')
    asked, machine = (outcome(one * 3, "x.jsonl").rows["otel_logs"][0] for one in (line, other))

    assert "sandbox.shop.example" == dict(asked["LogAttributes"])["url.domain"]
    assert {"host.name": "sandbox.shop.example"} == dict(machine["ResourceAttributes"])
