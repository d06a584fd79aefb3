"""What `kill -9` costs: a server under load is killed 20 times at random moments, and started again each time.

Senders of spans, logs and metrics, over gRPC and HTTP, send every body until it is acknowledged, as a Collector does:
also while the server is away. At the end each row says which body it came from.
"""

import asyncio
import itertools
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import grpc.aio
import httpx
from bench.figures import Figure
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

NEEDS = ""
KILLS = 20
AT_ONCE = 4  # bodies of a signal on each of the two ways
ROWS = 500  # of a body
SECONDS = (0.5, 4.0)  # that a server lives after it is ready
PATIENCE = 90.0  # seconds until it is ready again
KEY = "ingest-key-of-a-bench"
_START = 1_764_455_000_000_000_000


def spans(number: int) -> bytes:
    """A body of spans with ids of their own."""
    made, chance = ExportTraceServiceRequest(), random.Random(number)
    group = made.resource_spans.add()
    _said(group.resource, number)
    scope = group.scope_spans.add()
    for place in range(ROWS):
        span = scope.spans.add(
            name="POST /checkout", trace_id=chance.randbytes(16), span_id=chance.randbytes(8)
        )
        span.start_time_unix_nano = _START + place * 1_000_000
        span.end_time_unix_nano = span.start_time_unix_nano + 5_000_000
    return made.SerializeToString()


def logs(number: int) -> bytes:
    """A body of log records, which have no ids."""
    made = ExportLogsServiceRequest()
    group = made.resource_logs.add()
    _said(group.resource, number)
    scope = group.scope_logs.add()
    for place in range(ROWS):
        scope.log_records.add(time_unix_nano=_START + place).body.string_value = "payment refused"
    return made.SerializeToString()


def metrics(number: int) -> bytes:
    """A body of points of a gauge."""
    made = ExportMetricsServiceRequest()
    group = made.resource_metrics.add()
    _said(group.resource, number)
    gauge = group.scope_metrics.add().metrics.add(name="queue.length").gauge
    for place in range(ROWS):
        gauge.data_points.add(time_unix_nano=_START + place * 1_000_000, as_double=place)
    return made.SerializeToString()


def _said(resource: Any, number: int) -> None:
    """Which body it is, as an attribute of its resource."""
    for name, value in (("service.name", "checkout"), ("bench.body", str(number))):
        pair = resource.attributes.add(key=name)
        pair.value.string_value = value


@dataclass(slots=True)
class Sent:
    """What the senders of one signal do."""

    make: Callable[[int], bytes]
    table: str
    service: str
    path: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    acknowledged: set[int] = field(default_factory=set)
    again: int = 0


def signals() -> dict[str, Sent]:
    """The senders of every signal, before the first body."""
    return {
        "spans": Sent(spans, "otel_traces", "trace.v1.TraceService", "/v1/traces"),
        "logs": Sent(logs, "otel_logs", "logs.v1.LogsService", "/v1/logs"),
        "metrics": Sent(metrics, "otel_metrics_gauge", "metrics.v1.MetricsService", "/v1/metrics"),
    }


async def sender(sent: Sent, put: Callable[[bytes], Awaitable[bool]], over: asyncio.Event) -> None:
    """Send one body after the other, each until it is acknowledged; the last one too."""
    while not over.is_set():
        number = next(sent.numbers)
        body = sent.make(number)
        while not await put(body):
            sent.again += 1
            await asyncio.sleep(0.05)
        sent.acknowledged.add(number)


@asynccontextmanager
async def ways(grpc_port: int, http_port: int) -> AsyncIterator[Callable[[Sent], list[Any]]]:
    """How a body of a signal is sent: over gRPC, over HTTP; each says whether it was acknowledged."""
    options = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 200)]
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/x-protobuf"}
    limits = httpx.Limits(max_connections=100)
    async with (
        grpc.aio.insecure_channel(f"127.0.0.1:{grpc_port}", options) as channel,
        httpx.AsyncClient(headers=headers, timeout=30, limits=limits) as client,
    ):

        def of(sent: Sent) -> list[Any]:
            export: Any = channel.unary_unary(f"/opentelemetry.proto.collector.{sent.service}/Export")

            async def by_grpc(body: bytes) -> bool:
                try:
                    await export(body, metadata=(("authorization", f"Bearer {KEY}"),), timeout=30)
                except grpc.aio.AioRpcError:
                    return False
                return True

            async def by_http(body: bytes) -> bool:
                try:
                    answer = await client.post(f"http://127.0.0.1:{http_port}{sent.path}", content=body)
                except httpx.TransportError:
                    return False
                return answer.is_success

            return [by_grpc, by_http]

        yield of


async def started(folder: Path, ports: list[int]) -> "asyncio.subprocess.Process":
    """A server that is ready."""
    environment = {
        **os.environ, "LASTGOOD_INGEST_KEY": KEY, "LASTGOOD_API_TOKEN": "api-token-of-a-bench",
        "LASTGOOD_ADMIN_PASSWORD": "password-of-a-bench", "LASTGOOD_STORE": f"chdb://{folder / 'store'}",
        "LASTGOOD_RECORD": f"sqlite:///{folder / 'record.db'}", "LASTGOOD_CONFIG": "",
    }  # fmt: skip
    names = ("--http-port", "--otlp-grpc-port", "--otlp-http-port")
    options = [word for name, port in zip(names, ports, strict=True) for word in (name, str(port))]
    program = (sys.executable, "-m", "lastgood", "serve", *options)
    server = await asyncio.create_subprocess_exec(*program, env=environment, stderr=asyncio.subprocess.PIPE)
    assert server.stderr is not None  # noqa: S101 - it is piped
    async with asyncio.timeout(PATIENCE):
        while b"OTLP on" not in (line := await server.stderr.readline()):
            if not line:
                raise RuntimeError("the server did not start")
    return server


async def under_load(folder: Path, sent: dict[str, Sent]) -> list[float]:
    """Kill and start; how many seconds each start took. At the end the server ends in order."""
    ports, over, chance, took = free_ports(3), asyncio.Event(), random.Random(9), list[float]()
    server = await started(folder, ports)
    async with ways(ports[1], ports[2]) as of, asyncio.TaskGroup() as group:
        for one in sent.values():
            for put in of(one) * AT_ONCE:
                group.create_task(sender(one, put, over))
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(*SECONDS))
            server.kill()
            await server.communicate()
            began = perf_counter()
            server = await started(folder, ports)
            took.append(perf_counter() - began)
        await asyncio.sleep(SECONDS[1])
        over.set()
    server.send_signal(signal.SIGTERM)
    await server.communicate()
    return took


def free_ports(count: int) -> list[int]:
    """Ports that no one uses now: a server that is started again has the same ones."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def stored(folder: Path, sent: dict[str, Sent]) -> dict[str, dict[int, int]]:
    """How many rows of each body are in the store, by signal."""
    from lastgood.workbench.store import saved_store  # noqa: PLC0415 - not while a server has the store

    with saved_store(f"chdb://{folder / 'store'}") as store:
        return {
            name: {
                int(row["body"]): int(row["rows"])
                for row in store.engine.query(
                    "SELECT ResourceAttributes['bench.body'] AS body, count() AS rows "
                    f"FROM {store.engine.database}.{one.table} GROUP BY body"
                ).rows
            }
            for name, one in sent.items()
        }


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - the form of a bench
    """What was acknowledged against what is stored, signal by signal."""
    sent = signals()
    took = asyncio.run(under_load(scratch, sent))
    for name, rows in stored(scratch, sent).items():
        one = sent[name]
        lost = sum(max(0, ROWS - rows.get(number, 0)) for number in one.acknowledged)
        twice = sum(count > ROWS for count in rows.values())
        yield Figure(
            f"{name} acknowledged", ROWS * len(one.acknowledged), name, note=f"{one.again} sent again"
        )
        yield Figure(f"{name} acknowledged and not stored", lost, name, 0)
        yield Figure(f"bodies of {name} stored twice", twice, "bodies", 0, note=f"{KILLS} kills")
    yield Figure(
        "longest start after a kill",
        round(max(took), 1),
        "s",
        note=f"median {sorted(took)[KILLS // 2]:.1f} s",
    )
