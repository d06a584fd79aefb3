"""How many spans a second the server takes a second of its own CPU, over gRPC and HTTP, and that none is lost.

A process of its own sends requests of 1,000 spans (8 attributes, one of them a list, and 5 of the resource), 32 at a
time, to a server with authentication and the recognition of repetitions on, as it always is; and with redaction, as by
default, and without. Then with two incidents whose pages are open, at twice the load: how long a request that needs
only the event loop waits, and the memory.
"""

import asyncio
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from bench.figures import Figure

NEEDS = ""
SPANS, REQUESTS, AT_ONCE = 1000, 100, 32
KEY, TOKEN = "ingest-key-of-a-bench", "api-token-of-a-bench"
RUNS = 3  # with rooms
LIMIT = 40_000  # spans a second of CPU
_PORTS = re.compile(r"OTLP on 127\.0\.0\.1:(\d+) \(gRPC\) and http://127\.0\.0\.1:(\d+)")
_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def request(seed: int) -> bytes:
    """The bytes of a request with spans like those of a web shop."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415
        ExportTraceServiceRequest,
    )
    from opentelemetry.proto.trace.v1.trace_pb2 import Span  # noqa: PLC0415

    chance, made = random.Random(seed), ExportTraceServiceRequest()
    resource = made.resource_spans.add()
    for name in (
        "service.name",
        "service.version",
        "host.name",
        "k8s.pod.name",
        "deployment.environment.name",
    ):
        _put(resource.resource, name, f"checkout-{len(name)}")
    scope = resource.scope_spans.add()
    start = 1_764_455_000_000_000_000
    for number in range(SPANS):
        span = scope.spans.add()
        span.trace_id, span.span_id = chance.randbytes(16), chance.randbytes(8)
        span.parent_span_id = chance.randbytes(8) if number % 5 else b""
        span.name, span.kind = "POST /checkout", Span.SpanKind.SPAN_KIND_SERVER
        span.start_time_unix_nano = start + number * 1_000_000 + chance.randrange(1000)
        span.end_time_unix_nano = span.start_time_unix_nano + chance.randrange(100_000_000)
        for name, value in (
            ("http.request.method", "POST"), ("http.route", "/checkout"), ("http.response.status_code", 200),
            ("server.address", "payments"), ("user.id", f"u{chance.randrange(5000)}"), ("region", "eu"),
            ("card.issuer", chance.choice(["ANZ", "CBA"])), ("tags", ["a", "b"]),
        ):  # fmt: skip
            _put(span, name, value)
    return made.SerializeToString()


def _put(holder: object, name: str, value: object) -> None:
    pair = holder.attributes.add()  # type: ignore[attr-defined]
    pair.key = name
    match value:
        case int():
            pair.value.int_value = value
        case list():
            for one in value:
                pair.value.array_value.values.add().string_value = one
        case _:
            pair.value.string_value = str(value)


def send(way: str, port: int, turn: int = 0) -> None:
    """Send all requests; ends with an error if one is not taken."""
    first = 2 * turn + (way == "http")  # a body that is sent twice would be a repetition
    bodies = [request(seed) for seed in range(first * REQUESTS, (first + 1) * REQUESTS)]
    started = perf_counter()
    asyncio.run(_grpc(bodies, port) if way == "grpc" else _http(bodies, port))
    print(perf_counter() - started)


async def _grpc(bodies: list[bytes], port: int) -> None:
    import grpc.aio  # noqa: PLC0415

    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        export: Any = channel.unary_unary(_EXPORT)
        metadata = (("authorization", f"Bearer {KEY}"),)

        async def one(body: bytes) -> None:
            while True:
                try:
                    await export(body, metadata=metadata)
                except grpc.aio.AioRpcError as refused:
                    if refused.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                        raise
                    await asyncio.sleep(1)
                else:
                    return

        await _all(bodies, one)


async def _http(bodies: list[bytes], port: int) -> None:
    limits = httpx.Limits(max_connections=AT_ONCE)
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/x-protobuf"}
    async with httpx.AsyncClient(limits=limits, timeout=120, headers=headers) as client:

        async def one(body: bytes) -> None:
            answer = await client.post(f"http://127.0.0.1:{port}/v1/traces", content=body)
            answer.raise_for_status()

        await _all(bodies, one)


async def _all(bodies: list[bytes], one: object) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def sent(body: bytes) -> None:
        async with turn:
            await one(body)  # type: ignore[operator]

    await asyncio.gather(*map(sent, bodies))


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - the form of a bench
    """Both ways, with redaction and without, and the rooms, each with a server of its own."""
    bare = scratch / "bare.toml"
    bare.write_text("[redaction]\nkinds = []\n")
    for way, settings in (("grpc", None), ("http", None), ("grpc", bare), ("http", bare)):
        name = f"{way}{', no redaction' if settings else ''}"
        with _serving(scratch / name.replace(", ", "-").replace(" ", "-"), settings) as server:
            yield from _measured(way, name, server)
    with _serving(scratch / "rooms", None) as server:
        yield from rooms(server)


@contextmanager
def _serving(folder: Path, settings: Path | None) -> "Iterator[subprocess.Popen[str]]":
    environment = {
        **os.environ, "LASTGOOD_INGEST_KEY": KEY, "LASTGOOD_API_TOKEN": TOKEN,
        "LASTGOOD_ADMIN_PASSWORD": "password-of-a-bench", "LASTGOOD_STORE": f"chdb://{folder}",
        "LASTGOOD_RECORD": f"sqlite:///{folder}.db", "LASTGOOD_CONFIG": str(settings or ""),
    }  # fmt: skip
    options = ("--http-port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0")
    server = subprocess.Popen(
        [sys.executable, "-m", "lastgood", "serve", *options], env=environment, stderr=subprocess.PIPE, text=True
    )  # fmt: skip
    try:
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=60)


def _places(server: "subprocess.Popen[str]") -> tuple[str, int, int]:
    """The address of pages, and the ports of OTLP over gRPC and HTTP."""
    assert server.stderr is not None  # noqa: S101 - it is piped
    pages = ""
    for line in server.stderr:
        pages = re.sub(r".*pages and API on ", "", line).strip() if "pages and API" in line else pages
        if found := _PORTS.search(line):
            return pages, int(found[1]), int(found[2])
    raise RuntimeError("the server did not start")


def rooms(server: "subprocess.Popen[str]") -> Iterator[Figure]:
    """Two incidents with pages that are open, and 32 requests at a time over each way."""
    pages, *ports = _places(server)
    done = threading.Event()
    for number, service in enumerate(("checkout-12", "payments"), 1):
        _alert(pages, service, number)
        threading.Thread(target=_watch, args=(pages, number, done), daemon=True).start()
    runs = [_loaded(pages, ports, turn) for turn in range(RUNS)]
    done.set()
    for name, limit in (
        ("delay of the event loop", 100),
        ("delay without waiting for a CPU", 100),
        ("wait of a request", None),
    ):
        found = sorted(run[name] for run in runs)
        load = "load average " + ", ".join(f"{run['load']:.0f}" for run in runs)
        yield Figure(f"{name}, two rooms open, p99, best of {RUNS}", round(found[0]), "ms", limit, note=load)
        yield Figure(f"{name}, two rooms open, p99, median", round(found[RUNS // 2]), "ms", limit)
    yield Figure("memory at most, two rooms open, twice the load", _peak(server.pid), "MB", 1500)


def _loaded(pages: str, ports: list[int], turn: int) -> dict[str, float]:
    """The 99th percentiles while both ways send, in milliseconds, and the load of the machine afterwards."""
    waits, over, before = list[float](), threading.Event(), _histograms(pages)
    waiting = threading.Thread(target=_wait, args=(pages, waits, over))
    waiting.start()
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", f"from bench.ingest import send; send({way!r}, {port}, {turn})"]
        )
        for way, port in zip(("grpc", "http"), ports, strict=True)
    ]
    failed = [one.wait() for one in senders]
    over.set()
    waiting.join()
    if any(failed):
        raise RuntimeError("a request was not taken")
    after = _histograms(pages)
    found = {
        name: _percentile({bound: count - before[kind][bound] for bound, count in after[kind].items()})
        for name, kind in (
            ("delay of the event loop", "delay"),
            ("delay without waiting for a CPU", "own_delay"),
        )
    }
    waits.sort()
    return {**found, "wait of a request": 1000 * waits[int(len(waits) * 0.99)], "load": os.getloadavg()[0]}


def _histograms(pages: str) -> dict[str, dict[float, int]]:
    """The delays of the event loop: how many were at most so many seconds."""
    found: dict[str, dict[float, int]] = {}
    text = httpx.get(f"{pages}/metrics", timeout=60).text
    for kind, bound, count in re.findall(r'event_loop_(\w+)_seconds_bucket\{le="([^"]+)"\} (\d+)', text):
        found.setdefault(kind, {})[float(bound)] = int(count)
    return found


def _percentile(counts: dict[float, int], share: float = 0.99) -> float:
    """The percentile in milliseconds, between the bounds of its bucket as Prometheus has it."""
    wanted, below, under = share * max(counts.values()), 0.0, 0
    for bound, count in sorted(counts.items()):
        if count >= wanted:
            return 1000 * (below + (min(bound, 10 * below) - below) * (wanted - under) / (count - under))
        below, under = bound, count
    return 1000 * below


def _alert(pages: str, service: str, number: int) -> None:
    labels = {"alertname": f"A{number}", "service": service, "severity": "critical"}
    alert = {
        "status": "firing", "labels": labels, "annotations": {}, "startsAt": "2025-11-29T22:23:30Z",
        "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": f"{number:016x}",
    }  # fmt: skip
    body = {
        "version": "4", "status": "firing", "receiver": "r", "groupKey": f"g{number}", "groupLabels": labels,
        "commonLabels": labels, "commonAnnotations": {}, "externalURL": "", "truncatedAlerts": 0, "alerts": [alert],
    }  # fmt: skip
    answer = httpx.post(
        f"{pages}/api/alerts", json=body, headers={"authorization": f"Bearer {KEY}"}, timeout=60
    )
    answer.raise_for_status()


def _watch(pages: str, number: int, done: threading.Event) -> None:
    """A page that is open: its events are read, and it is loaded anew at each."""
    with (
        httpx.Client(base_url=pages, headers={"authorization": f"Bearer {TOKEN}"}, timeout=60) as client,
        client.stream("GET", f"/incidents/{number}/events") as events,
    ):
        for line in events.iter_lines():
            if done.is_set():
                return
            if line.startswith("data"):
                client.get(f"/incidents/{number}").raise_for_status()


def _wait(pages: str, waits: list[float], done: threading.Event) -> None:
    """Ask for what needs no thread, no store and no record."""
    with httpx.Client(base_url=pages, timeout=60) as client:
        while not done.wait(0.02):
            began = perf_counter()
            client.get("/healthz").raise_for_status()
            waits.append(perf_counter() - began)


def _measured(way: str, name: str, server: "subprocess.Popen[str]") -> Iterator[Figure]:
    pages, *ports = _places(server)
    before = _cpu(server.pid)
    port = ports[0] if way == "grpc" else ports[1]
    sender = [sys.executable, "-c", f"from bench.ingest import send; send({way!r}, {port})"]
    seconds = float(subprocess.run(sender, check=True, stdout=subprocess.PIPE, text=True).stdout)
    used, sent = _cpu(server.pid) - before, SPANS * REQUESTS
    token = {"authorization": f"Bearer {TOKEN}"}
    held = httpx.get(f"{pages}/api/holdings", headers=token, timeout=60).json()
    stored = next(one["rows"] for one in held if one["signal"] == "spans")
    yield Figure(f"spans a second of the server's CPU, {name}", round(sent / used), "1/s", LIMIT, "more")
    yield Figure(f"spans a second on the clock, {name}", round(sent / seconds), "1/s")
    yield Figure(f"spans acknowledged and not stored, {name}", sent - stored, "spans", 0)
    yield Figure(f"memory at most, {name}", _peak(server.pid), "MB", 1500)


def _cpu(process: int) -> float:
    """Seconds of CPU, its threads' included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int) -> int:
    text = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return int(found[1]) // 1024 if found else 0
