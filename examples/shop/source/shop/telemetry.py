"""OpenTelemetry for every service: who it is, where signals go, and a span around each request and each call.

Who is served (user, plan, region, …) travels as baggage from the edge, so it is on every span and every line.
"""

import logging
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from opentelemetry import baggage, metrics, propagate, trace
from opentelemetry import context as otel
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode

from lastgood_kit import context, logs
from lastgood_kit.edge import AsgiApp, Receive, Scope, Send
from shop import process
from shop.places import address

SERVED = ("user.id", "user.plan", "user.region", "app.version", "card.issuer")
BAD_REQUEST, INTERNAL = 400, 500


class Telemetry:
    """The three signals of one process, and what they have in common."""

    def __init__(self, service: str, version: str) -> None:
        who = {"service.name": service, "service.version": version, "deployment.environment.name": "shop"}
        self.resource = Resource.create({**who, "service.instance.id": f"{service}-{os.getpid()}"})
        self._traces = TracerProvider(resource=self.resource)
        self._traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=1000))
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=5000)
        self._meters = MeterProvider([reader], resource=self.resource)
        self._logs = LoggerProvider(self.resource)
        self._logs.add_log_record_processor(
            BatchLogRecordProcessor(OTLPLogExporter(), schedule_delay_millis=1000)
        )
        trace.set_tracer_provider(self._traces)
        metrics.set_meter_provider(self._meters)
        logs.set_up(service, version)
        logging.getLogger().addHandler(OverOtlp(self._logs))
        for noisy in ("httpx", "uvicorn.error"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        process.observe(service)
        self.tracer = trace.get_tracer(service)
        self.served = metrics.get_meter(service).create_histogram("http.server.request.duration", "s")

    def close(self) -> None:
        """Send what has not been sent."""
        for provider in (self._traces, self._meters, self._logs):
            provider.shutdown()

    @contextmanager
    def calling(self, name: str, **attributes: Any) -> Iterator[Span]:
        """A span around a call to something else; its error is an error of the call."""
        with self.tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=attributes) as span:
            yield span

    async def call(self, client: httpx.AsyncClient, peer: str, path: str, body: Any = None) -> httpx.Response:
        """Ask another service, within the trace: POST with a body, GET without one.

        Raises:
            httpx.TransportError: it does not answer, or there is no such name.
        """
        method = "GET" if body is None else "POST"
        known = {"http.request.method": method, "peer.service": peer, "server.address": peer}
        with self.calling(f"{method} {path.partition('?')[0]}", **known) as span:
            headers: dict[str, str] = context.outgoing()
            propagate.inject(headers)
            try:
                url = address(peer) + path
            except socket.gaierror as error:
                raise httpx.ConnectError(str(error)) from error
            answer = await client.request(method, url, json=body, headers=headers)
            span.set_attribute("http.response.status_code", answer.status_code)
            if answer.status_code >= BAD_REQUEST:
                span.set_status(StatusCode.ERROR)
                span.set_attribute("error.type", str(answer.status_code))
            return answer


class OverOtlp(logging.Handler):
    """Log records over OTLP, with the fields that the JSON lines have."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._provider = provider

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one record on."""
        number = SeverityNumber(min(24, max(1, record.levelno // 10 * 4 + 1)))
        fields = logs.redacted({**logs.bound_fields(), **logs.fields_of(record)})
        line = LogRecord(
            timestamp=int(record.created * 1e9), context=otel.get_current(), body=record.getMessage(),
            severity_number=number, severity_text=record.levelname, attributes=fields,
        )  # fmt: skip
        self._provider.get_logger(record.name).emit(line)


class Traced:
    """ASGI middleware: a server span, and who is served bound to every line."""

    def __init__(self, app: AsgiApp, telemetry: Telemetry) -> None:
        self._app, self._telemetry = app, telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; health checks are not traced."""
        if scope["type"] != "http" or scope["path"].startswith("/health"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        token = otel.attach(arrived(headers))
        try:
            await self._serve(scope, receive, send)
        finally:
            otel.detach(token)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = served_to()
        route, started, status = f"{scope['method']} {scope['path']}", time.perf_counter(), INTERNAL

        async def answering(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        known = {
            "http.request.method": scope["method"],
            "http.route": scope["path"],
            "url.path": scope["path"],
        }
        tracer = self._telemetry.tracer
        with (
            tracer.start_as_current_span(route, kind=SpanKind.SERVER, attributes={**known, **who}) as span,
            context.bound(**who),
        ):
            await self._app(scope, receive, answering)
            span.set_attribute("http.response.status_code", status)
            if status >= INTERNAL:
                span.set_status(StatusCode.ERROR)
        reported = {"http.route": scope["path"], "http.response.status_code": status}
        self._telemetry.served.record(time.perf_counter() - started, reported)


def served_to() -> dict[str, str]:
    """Who is served, from the baggage."""
    return {name: str(value) for name, value in baggage.get_all().items() if name in SERVED}


def arrived(headers: Mapping[str, str]) -> otel.Context:
    """The caller's trace and baggage; at the edge, baggage is made of what the session says."""
    found = propagate.extract(headers)
    for name in SERVED:
        reported = headers.get(f"x-{name.replace('.', '-')}")
        if reported:
            found = baggage.set_baggage(name, reported, found)
    return found
