"""Senders for tests: a small shop's telemetry through the real OpenTelemetry SDK and its exporters."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

from lastgood.model.clock import to_nanoseconds


class Kept(SpanExporter):
    """Keeps spans, so that they can be sent in batches of any size."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        pass


def tracers(kept: Kept, *services: str) -> dict[str, Any]:
    """A tracer of each service."""
    made = {}
    for service in services:
        resource = Resource({"service.name": service, "service.version": "v2.46.0"})
        provider = TracerProvider(resource=resource, span_limits=SpanLimits())
        provider.add_span_processor(SimpleSpanProcessor(kept))
        made[service] = provider.get_tracer("shop", "1.0")
    return made


def shop(start: datetime, end: datetime, failing_from: datetime, every: float = 1.0) -> list[ReadableSpan]:
    """Checkouts, one every so many seconds: web calls checkout calls payments, which fails for one issuer later on."""
    kept, chance = Kept(), Random(5)
    of, at = tracers(kept, "web", "checkout", "payments"), start
    while at < end:
        issuer = chance.choice(["ANZ", "CBA", "NAB", "Amex"])
        failed = (at >= failing_from and issuer == "ANZ") or chance.random() < 0.002
        _checkout(of, at, issuer, failed=failed, took=chance.uniform(0.08, 0.12))
        at += timedelta(seconds=every)
    return kept.spans


def _checkout(of: dict[str, Any], at: datetime, issuer: str, *, failed: bool, took: float) -> None:
    context, open_spans = None, []
    begin = to_nanoseconds(at)
    for service, kind, name in (
        ("web", SpanKind.SERVER, "POST /checkout"),
        ("web", SpanKind.CLIENT, "POST /order"),
        ("checkout", SpanKind.SERVER, "POST /order"),
        ("checkout", SpanKind.CLIENT, "POST /charge"),
        ("payments", SpanKind.SERVER, "POST /charge"),
    ):
        attributes: dict[str, Any] = {
            "http.route": name.split()[1],
            "card.issuer": issuer,
            "tags": ["a", "b"],
        }
        attributes["http.response.status_code"] = 502 if failed else 200
        span = of[service].start_span(name, context, kind, attributes=attributes, start_time=begin)
        if failed:
            span.set_status(Status(StatusCode.ERROR, "card declined by issuer"))
        context = set_span_in_context(span)
        open_spans.append(span)
    for depth, span in enumerate(reversed(open_spans)):
        span.end(begin + int((took + depth * 0.002) * 1e9))


def grpc_spans(port: int, key: str) -> GrpcSpans:
    """The real exporter over gRPC."""
    return GrpcSpans(f"http://127.0.0.1:{port}", insecure=True, headers={"authorization": f"Bearer {key}"})


def http_spans(port: int, key: str, *, gzip: bool = False) -> HttpSpans:
    """The real exporter over HTTP."""
    compression = Compression.Gzip if gzip else Compression.NoCompression
    headers = {"x-lastgood-key": key}
    return HttpSpans(f"http://127.0.0.1:{port}/v1/traces", headers=headers, compression=compression)


def send(exporter: SpanExporter, spans: Sequence[ReadableSpan], batch: int = 2000) -> None:
    """Export spans in batches; every one must be taken."""
    try:
        for start in range(0, len(spans), batch):
            assert SpanExportResult.SUCCESS is exporter.export(spans[start : start + batch])
    finally:
        with suppress(Exception):
            exporter.shutdown()


def alert(
    name: str, service: str, at: datetime, *, status: str = "firing", fingerprint: str = "f1"
) -> dict[str, Any]:
    """The webhook of Alertmanager, version 4, with one alert."""
    return {
        "version": "4", "status": status, "receiver": "lastgood", "groupKey": f"{{}}:{{alertname={name}}}",
        "groupLabels": {"alertname": name}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
        "truncatedAlerts": 0,
        "alerts": [
            {
                "status": status, "labels": {"alertname": name, "service": service, "severity": "critical"},
                "annotations": {"summary": "checkouts fail"}, "startsAt": at.isoformat(),
                "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": fingerprint,
            }
        ],
    }  # fmt: skip


def gauge(service: str, metric: str, unit: str, points: Sequence[tuple[datetime, float]]) -> bytes:
    """OTLP in JSON: a gauge with its values."""
    values = [{"timeUnixNano": str(to_nanoseconds(at)), "asDouble": value} for at, value in points]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    one = {"name": metric, "unit": unit, "gauge": {"dataPoints": values}}
    return json.dumps(
        {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": [one]}]}]}
    ).encode()
