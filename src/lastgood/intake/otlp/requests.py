"""OTLP requests: what an exporter sends in one piece, read as a whole or not at all."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson
from google.protobuf.message import DecodeError, Message

from lastgood.decoding.input import Decoded
from lastgood.decoding.rows import Rows
from lastgood.intake.otlp import _account, _plain, _rows_of
from lastgood.intake.otlp.records import objects
from lastgood.model.signal import Signal

_RESOURCES = {Signal.SPANS: "resourceSpans", Signal.LOGS: "resourceLogs", Signal.METRICS: "resourceMetrics"}


class NotOtlpError(ValueError):
    """A body that is not a request of its signal."""


def decoded(signal: Signal, body: bytes, *, as_json: bool) -> Decoded:
    """The batches of a request, what in it was refused, and the account of it.

    Raises:
        NotOtlpError: the body cannot be read; nothing of it may be stored.
    """
    resources = _of_json(signal, body) if as_json else _of_protobuf(signal, body)
    rows, count = Rows(), 0
    for resource in resources:
        tally = yield from _account(_rows_of((signal.value, resource), "", rows), 0, count)
        count += tally.lines
        yield tally
        yield from rows.full()
    yield from rows.rest()


def counted_spans(body: bytes) -> int:
    """How many spans a request in protobuf holds.

    Raises:
        NotOtlpError: the body cannot be read.
    """
    message = _requests()[Signal.SPANS]()
    try:
        message.ParseFromString(body)
    except DecodeError as problem:
        raise NotOtlpError(f"not OTLP in protobuf: {problem}") from problem
    resources = message.resource_spans  # type: ignore[attr-defined] # of this class
    return sum(len(scope.spans) for resource in resources for scope in resource.scope_spans)


def _of_json(signal: Signal, body: bytes) -> list[Mapping[str, Any]]:
    try:
        return _listed(orjson.loads(body), _RESOURCES[signal])
    except (ValueError, TypeError) as problem:
        raise NotOtlpError(f"not OTLP in JSON: {problem}") from problem


def _listed(document: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(document, dict):
        raise TypeError("it is not an object")
    return objects(document, name)


def _of_protobuf(signal: Signal, body: bytes) -> Iterator[Mapping[str, Any]]:
    message = _requests()[signal]()
    try:
        message.ParseFromString(body)
    except DecodeError as problem:
        raise NotOtlpError(f"not OTLP in protobuf: {problem}") from problem
    name = f"resource_{signal.value}"
    return (_plain(one) for one in getattr(message, name))


@cache
def _requests() -> dict[Signal, type[Message]]:
    # Importing the generated classes costs a tenth of a second that commands need not pay.
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest  # noqa: PLC0415
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (  # noqa: PLC0415
        ExportMetricsServiceRequest,
    )
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415
        ExportTraceServiceRequest,
    )

    return {
        Signal.SPANS: ExportTraceServiceRequest,
        Signal.LOGS: ExportLogsServiceRequest,
        Signal.METRICS: ExportMetricsServiceRequest,
    }
