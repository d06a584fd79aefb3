"""Answers to OTLP requests: partial success, and errors as google.rpc.Status, in protobuf or JSON."""

from functools import cache

import orjson
from google.protobuf.message import Message

from lastgood.model.signal import Signal
from lastgood.workbench.receive import Receipt

_REJECTED = {
    Signal.SPANS: ("rejected_spans", "rejectedSpans"),
    Signal.LOGS: ("rejected_log_records", "rejectedLogRecords"),
    Signal.METRICS: ("rejected_data_points", "rejectedDataPoints"),
}
INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNAVAILABLE, UNAUTHENTICATED = 3, 8, 14, 16


def success(signal: Signal, receipt: Receipt, *, as_json: bool = False) -> bytes:
    """The answer to what was stored; empty of anything to say unless something was refused."""
    reasons = "; ".join(receipt.reasons)
    binary, plain = _REJECTED[signal]
    if as_json:
        if not receipt.rejected:
            return b"{}"
        # 64-bit integers are texts in JSON (protobuf's JSON mapping)
        return orjson.dumps({"partialSuccess": {plain: str(receipt.rejected), "errorMessage": reasons}})
    if not receipt.rejected:
        return b""
    answer = _answers()[signal]()
    partial = answer.partial_success  # type: ignore[attr-defined] # all three have one
    setattr(partial, binary, receipt.rejected)
    partial.error_message = reasons
    return answer.SerializeToString()


def failure(code: int, message: str, *, as_json: bool = False, retry_seconds: int = 0) -> bytes:
    """A google.rpc.Status; with `retry_seconds` it says when to come again."""
    if as_json:
        return orjson.dumps({"code": code, "message": message})
    body = b"\x08" + _varint(code) + _field(2, message.encode())
    if retry_seconds:
        delay = _field(1, b"\x08" + _varint(retry_seconds))  # RetryInfo.retry_delay.seconds
        body += _field(3, _field(1, b"type.googleapis.com/google.rpc.RetryInfo") + _field(2, delay))
    return body


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)


@cache
def _answers() -> dict[Signal, type[Message]]:
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse  # noqa: PLC0415
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (  # noqa: PLC0415
        ExportMetricsServiceResponse,
    )
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415
        ExportTraceServiceResponse,
    )

    return {
        Signal.SPANS: ExportTraceServiceResponse,
        Signal.LOGS: ExportLogsServiceResponse,
        Signal.METRICS: ExportMetricsServiceResponse,
    }
