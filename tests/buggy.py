"""A real service over HTTP with a real bug, and telemetry of requests to it: orders to an address without a zip fail."""

import json
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.workbench.store import Store
from records import START

FAILING = {
    "email": "ana@example.com",
    "address": {"city": "Brno", "zip": None},
    "items": [{"sku": "A-1", "n": 2}],
}
WORKING = {
    "email": "bob@example.org",
    "address": {"city": "Graz", "zip": "8010"},
    "items": [{"sku": "A-1", "n": 2}],
}


def place(order: dict[str, Any]) -> dict[str, Any]:
    """The bug: an address may have no zip."""
    return {"zone": order["address"]["zip"].strip()[:2], "lines": len(order["items"])}


def stack_trace() -> str:
    """As the service logs it."""
    try:
        place(FAILING)
    except AttributeError:
        return traceback.format_exc()
    return ""


class Orders(BaseHTTPRequestHandler):
    """POST /orders; every answer has an id and a time of its own."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str]]]
    numbers: "count[int]"

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        """Whatever is asked."""
        self._answer(200, {"ok": True})

    def do_POST(self) -> None:
        """Place an order, or fail."""
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            self._answer(200, place(order))
        except (AttributeError, KeyError) as problem:
            self._answer(500, {"error": repr(problem)})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        type(self).seen.append((self.command, {name.lower(): value for name, value in self.headers.items()}))
        number = next(type(self).numbers)
        content = json.dumps({**document, "request_id": f"r{number}"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Request-Id", f"r{number}")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def orders() -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Its address, and the methods and headers that it got."""
    kind = type("OrdersHere", (Orders,), {"seen": [], "numbers": count(1)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kind.seen  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def put_requests(store: Store, *, bodies: bool = True, on_spans: bool = False) -> None:
    """Thirty requests to it, every third of which fails, and the stack trace of one failure: of a line, or on its span."""
    failed = [n % 3 == 0 for n in range(30)]
    shared = {
        "http.request.method": "POST",
        "url.path": "/orders",
        "http.route": "/orders",
        "server.address": "shop.example",
    }
    shared |= {"http.request.header.content-type": '["application/json"]'}
    secret = {"http.request.header.authorization": '["Bearer abcdefgh12345678"]'}

    def attributes(n: int) -> list[tuple[str, str]]:
        body = {"http.request.body.content": json.dumps(FAILING if failed[n] else WORKING)} if bodies else {}
        status = {"http.response.status_code": "500" if failed[n] else "200"}
        return list({**shared, **secret, **status, **body}.items())

    times = [_after(n) for n in range(30)]
    rows = {
        "Timestamp": times,
        "TraceId": [f"{n + 1:032x}" for n in range(30)],
        "SpanId": [f"{n + 1:016x}" for n in range(30)],
        "ServiceName": ["orders"] * 30,
        "SpanName": ["POST /orders"] * 30,
        "SpanKind": ["Server"] * 30,
        "Duration": [20_000_000] * 30,
        "StatusCode": ["Error" if one else "Ok" for one in failed],
        "SpanAttributes": [attributes(n) for n in range(30)],
    }
    if on_spans:
        event = [[("exception.type", "AttributeError"), ("exception.stacktrace", stack_trace())]]
        rows |= {
            "Events.Timestamp": [[times[n]] if n == 27 else [] for n in range(30)],
            "Events.Name": [["exception"] if n == 27 else [] for n in range(30)],
            "Events.Attributes": [event if n == 27 else [] for n in range(30)],
        }
    store.engine.insert("otel_traces", SPANS.rows(rows), token=f"buggy {bodies} {on_spans}").result()
    if on_spans:
        return
    line = {
        "Timestamp": [_after(27.01)], "ServiceName": ["orders"], "SeverityNumber": [17], "Body": ["order failed"],
        "TraceId": [f"{28:032x}"], "LogAttributes": [[("exception.stacktrace", stack_trace())]],
    }  # fmt: skip
    store.engine.insert("otel_logs", LOGS.rows(line), token=f"buggy line {bodies}").result()


def _after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)
