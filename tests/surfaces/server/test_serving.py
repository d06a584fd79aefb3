"""The server as a process: OTLP by the real SDK, alert to answer, ends cleanly, survives being killed."""

import gzip
import re
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from secrets import token_bytes
from threading import Thread
from typing import Any, cast

import grpc
import httpx
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from intake.otlp.test_requests import request
from lastgood.surfaces.server.otlp_grpc import METHODS
from lastgood.surfaces.server.serving import Listening, Places
from senders import alert, grpc_spans, http_spans, send, shop
from servers import INGEST, PASSWORD, TOKEN, Server, now, serving, until

pytestmark = pytest.mark.slow
SENDING = (("grpc.max_send_message_length", 256 << 20),)
SOON = 10.0  # seconds from the alert to the answer, on a machine that is not busy


def failing_shop(server: Server) -> int:
    """Half an hour of checkouts, the last five minutes failing, through all three ways; how many spans."""
    end = now()
    spans = shop(end - timedelta(minutes=30), end, end - timedelta(minutes=5), every=2.0)
    third = len(spans) // 3
    send(grpc_spans(server.grpc, "ingest-key-of-a-test"), spans[:third])
    send(http_spans(server.otlp, "ingest-key-of-a-test"), spans[third : 2 * third])
    send(http_spans(server.otlp, "ingest-key-of-a-test", gzip=True), spans[2 * third :])
    return len(spans)


def test_spans_in_alert_answer_and_a_restart_loses_nothing(tmp_path: Path) -> None:
    """The answer is there within seconds of the alert; killed and started again, everything is as it was."""
    with serving(tmp_path) as server:
        sent = failing_shop(server)
        assert sent == server.rows("spans")
        fired = alert("CheckoutErrorRate", "checkout", now() - timedelta(minutes=3))
        assert [1] == server.post("/api/alerts", fired).json()["incidents"]
        assert [1] == server.post("/api/alerts", fired).json()["incidents"]
        answer = until(
            lambda: found if (found := server.get("/api/incidents/1/sitrep")).is_success else None, 60
        )
        assert "yes" == answer.json()["confirmed"]["verdict"]
        assert {"card.issuer": "ANZ"} == answer.json()["blast_radius"]["segments"][0]["where"]
        server.process.kill()
        server.process.wait(30)
    with serving(tmp_path) as server:
        assert sent == server.rows("spans")
        assert answer.json() == server.get("/api/incidents/1/sitrep").json()
        assert 0 == server.ended(signal.SIGTERM)
        assert [] == [line for line in server.said if "Traceback" in line]


def test_a_running_server_refuses_and_names_itself(tmp_path: Path) -> None:
    """Keys, hosts, origins, sizes; another command learns where the store is asked. No secret is in the log."""
    with serving(tmp_path) as server:
        url = f"{server.url}/api/holdings"
        assert 401 == httpx.get(url).status_code
        assert 403 == httpx.get(url, headers={"host": "evil.example"}).status_code
        assert 403 == server.post("/api/changes", {}, origin="http://evil.example").status_code
        assert 401 == server.post("/api/changes", {}, key=TOKEN).status_code
        assert 413 == server.post("/api/changes", b"[" + b" " * 2_000_000).status_code
        body = request(2).SerializeToString()
        assert 401 == server.otlp_post("/v1/traces", body, **{"x-lastgood-key": "wrong"}).status_code
        assert 415 == server.otlp_post("/v1/traces", body, "text/plain").status_code
        assert 400 == server.otlp_post("/v1/traces", b"\x0a\xff").status_code
        assert 404 == server.otlp_post("/v1/profiles", body).status_code
        assert 405 == httpx.get(f"http://127.0.0.1:{server.otlp}/v1/traces").status_code
        broken = request(3)
        broken.resource_spans[0].scope_spans[0].spans[0].span_id = b""
        partial = server.otlp_post("/v1/traces", broken.SerializeToString())
        assert (200, b"no traceId or spanId") == (partial.status_code, partial.content[-20:])
        assert 200 == server.otlp_post("/v1/logs", b"{}", "application/json").status_code
        assert 2 == server.rows("spans")
        ready = server.get("/readyz").json()
        assert {"store": "ok", "record": "ok", "otlp_grpc": "ok", "otlp_http": "ok"} == ready["checks"]
        assert 'lastgood_otlp_stored_total{signal="spans"} 2' in server.get("/metrics").text
        assert server.url in (tmp_path / "store" / "owner").read_text()
        assert 0 == server.ended(signal.SIGINT)
        reported = "".join(server.said)
        assert [] == [secret for secret in (TOKEN, PASSWORD, "ingest-key-of-a-test") if secret in reported]


def test_a_port_that_is_taken_is_an_error_that_says_so(tmp_path: Path) -> None:
    """Exit status 4, nothing left running."""
    import socket  # noqa: PLC0415
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [
                sys.executable, "-m", "lastgood", "serve", "--store", f"chdb://{tmp_path / 'store'}", "--record",
                f"sqlite:///{tmp_path / 'r.db'}", "--http-port", port, "--otlp-grpc-port", "0", "--otlp-http-port", "0",
            ],
            capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip

    assert 4 == ended.returncode
    assert f"Cannot listen on 127.0.0.1 port {port}" in ended.stderr


def test_an_address_is_written_as_browsers_take_it() -> None:
    """IPv6 stands in brackets."""
    assert "http://[::1]:80" == Listening("::1", 80, 1, 2).url
    assert "127.0.0.1" == Places().host


ROUNDS = 3


def test_what_was_acknowledged_is_there_after_every_kill(tmp_path: Path) -> None:
    """Killed while requests of spans and logs are under way: what had an answer is stored."""
    spans = logs = 0
    for number in range(ROUNDS):
        with serving(tmp_path) as server:
            reported = Counter[str]()
            senders = [
                Thread(target=keep_sending, args=(server, path, body, reported))
                for path, body in (("/v1/traces", spans_of), ("/v1/logs", logs_of))
                for _ in range(2)
            ]
            for sender in senders:
                sender.start()
            enough = partial(all_over, reported, 3 + number)
            until(enough, 60)
            server.process.kill()
            for sender in senders:
                sender.join(60)
            spans, logs = spans + 20 * reported["/v1/traces"], logs + 20 * reported["/v1/logs"]
    with serving(tmp_path) as server:
        assert (True, True) == (server.rows("spans") >= spans, server.rows("logs") >= logs)
        assert min(spans, logs) > 20 * 3 * ROUNDS


def all_over(reported: Counter[str], least: int) -> bool:
    return min(reported["/v1/traces"], reported["/v1/logs"]) > least


def keep_sending(server: Server, path: str, body: Callable[[], bytes], reported: Counter[str]) -> None:
    """Send until the server is gone; count what it acknowledged."""
    with suppress(httpx.HTTPError):
        while True:
            answer = server.otlp_post(path, body())
            assert 200 == answer.status_code
            reported[path] += 1


def spans_of() -> bytes:
    message = request(20)
    for span in message.resource_spans[0].scope_spans[0].spans:
        span.trace_id, span.span_id = token_bytes(16), token_bytes(8)
    return message.SerializeToString()


def logs_of() -> bytes:
    """The same lines every time: lines without ids can be equal."""
    made = ExportLogsServiceRequest()
    scope = made.resource_logs.add().scope_logs.add()
    for number in range(20):
        line = scope.log_records.add()
        line.time_unix_nano, line.body.string_value = 1_764_455_000_000_000_000 + number, "hello"
    return made.SerializeToString()


def test_nonsense_is_refused_and_the_server_goes_on(tmp_path: Path) -> None:
    """Damaged requests, wrong types and bombs: 400, 413 or 415, never 500, and a good one is stored after all of them."""
    chance = Random(7)
    good = request(3).SerializeToString()
    with serving(tmp_path) as server:
        for _ in range(120):
            body = bytearray(good)
            for _ in range(chance.randint(1, 8)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            kind = chance.choice(["application/x-protobuf", "application/json"])
            packing = {"content-encoding": "gzip"} if chance.random() < 0.2 else {}
            path = chance.choice(["/v1/traces", "/v1/logs", "/v1/metrics"])
            answer = server.otlp_post(path, bytes(body[: chance.randint(0, len(body))]), kind, **packing)
            assert answer.status_code in {200, 400, 413, 415}, answer.text
        nested = b'{"resourceSpans":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
        for wrong in (nested, b"[]", b'{"resourceSpans": 7}', b'{"resourceLogs": [{"scopeLogs": "x"}]}'):
            for path in ("/v1/traces", "/v1/logs", "/v1/metrics"):
                assert server.otlp_post(path, wrong, "application/json").status_code in {200, 400}
        assert 413 == server.otlp_post("/v1/logs", bytes(17 << 20)).status_code
        bomb = gzip.compress(bytes(200_000_000), 9)
        assert 413 == server.otlp_post("/v1/traces", bomb, **{"content-encoding": "gzip"}).status_code
        before = server.rows("spans")
        assert 200 == server.otlp_post("/v1/traces", spans_of()).status_code
        assert before + 20 == server.rows("spans")


def test_nonsense_over_grpc_is_refused_and_the_server_goes_on(tmp_path: Path) -> None:
    """Damaged, cut off, too large, and a bomb: refused with a status that says so; memory stays bounded."""
    chance, good = Random(11), request(3).SerializeToString()
    refusals = {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED}
    with serving(tmp_path) as server, grpc.insecure_channel(f"127.0.0.1:{server.grpc}", SENDING) as channel:

        def status(
            method: str, body: bytes, packing: grpc.Compression = grpc.Compression.NoCompression
        ) -> object:
            export: Any = channel.unary_unary(method)
            try:
                export(body, metadata=(("x-lastgood-key", INGEST),), timeout=60, compression=packing)
            except grpc.RpcError as refused:
                return cast("grpc.Call", refused).code()
            return grpc.StatusCode.OK

        for _ in range(60):
            body = bytearray(good)
            for _ in range(chance.randint(1, 8)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            method = chance.choice(list(METHODS))
            assert status(method, bytes(body[: chance.randint(0, len(body))])) in {
                grpc.StatusCode.OK,
                *refusals,
            }
        first = next(iter(METHODS))
        assert grpc.StatusCode.RESOURCE_EXHAUSTED == status(first, bytes(65 << 20))
        assert status(first, bytes(200 << 20), grpc.Compression.Gzip) in refusals
        peak = int(
            re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text())[0]
        )
        assert peak < 1_500_000
        before = server.rows("spans")
        assert grpc.StatusCode.OK == status(first, spans_of())
        assert before + 20 == server.rows("spans")
