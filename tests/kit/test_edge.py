"""The middleware at the edge, under a real ASGI server's client and the standard library's WSGI server."""

import asyncio
import io
import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import httpx
import pytest

from lastgood_kit import context, logs
from lastgood_kit.boundary import boundary
from lastgood_kit.edge import AsgiApp, Edge, Receive, Scope, Send, StartResponse, WsgiEdge

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-request-id": "order-7"}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    handler = logs.set_up("web", "v1", stream=stream)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the trace that is at hand."""
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": context.ids()[0].encode()})


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer nothing."""
    raise ZeroDivisionError


def asked(app: AsgiApp) -> httpx.Response:
    """The answer to one request."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
            return await client.get("/pay", headers=HEADERS)

    return asyncio.run(ask())


def parsed(lines: io.StringIO) -> list[dict[str, Any]]:
    """The logged lines, without those of the client."""
    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [line for line in found if line["logger"] == "lastgood_kit.edge"]


def test_asgi_carries_ids_through(lines: io.StringIO) -> None:
    """The application sees the caller's trace, the answer names the request, and there is an access line."""
    answer = asked(Edge(hello))

    assert (TRACE, "order-7") == (answer.text, answer.headers["x-request-id"])
    (line,) = parsed(lines)
    assert (TRACE, "order-7", 200, "/pay") == (
        line["trace_id"], line["request.id"], line["http.response.status_code"], line["url.path"],
    )  # fmt: skip


def test_asgi_answers_for_what_breaks(lines: io.StringIO) -> None:
    """A 500 whose body names the request that the log line has too."""
    answer = asked(Edge(broken))

    assert (500, "order-7") == (answer.status_code, answer.json()["request_id"])
    failure, access = parsed(lines)
    assert ("ZeroDivisionError", "order-7") == (failure["exception.type"], failure["request.id"])
    assert ("error", 500) == (access["level"], access["http.response.status_code"])


def test_an_error_is_not_logged_twice(lines: io.StringIO) -> None:
    """A boundary, a framework that answers and raises again, and the edge: one line, and the framework's answer."""

    async def framework(scope: Scope, receive: Receive, send: Send) -> None:
        with boundary("pay"):
            try:
                raise ZeroDivisionError
            finally:
                await send({"type": "http.response.start", "status": 500, "headers": []})
                await send({"type": "http.response.body", "body": b"sorry"})

    answer = asked(Edge(framework))

    assert (500, "sorry") == (answer.status_code, answer.text)
    assert 1 == lines.getvalue().count("exception.type")


def served(app: WsgiEdge) -> tuple[str, dict[str, str], bytes]:
    """The answer of a WSGI application that keeps to the specification."""
    environ: dict[str, Any] = {
        "HTTP_TRACEPARENT": HEADERS["traceparent"],
        "HTTP_X_REQUEST_ID": "order-7",
        "QUERY_STRING": "",
    }
    setup_testing_defaults(environ)
    reported: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        reported.append((status, dict(headers)))
        return lambda _: None

    pieces = validator(app)(environ, start)
    body = b"".join(pieces)
    pieces.close()  # type: ignore[attr-defined]
    return *reported[-1], body


def test_wsgi_carries_ids_through(lines: io.StringIO) -> None:
    """As ASGI does."""

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("content-type", "text/plain")])
        yield context.ids()[0].encode()

    status, headers, body = served(WsgiEdge(app))

    assert ("200 OK", "order-7", TRACE.encode()) == (status, headers["x-request-id"], body)
    assert [TRACE] == [line["trace_id"] for line in parsed(lines)]


def test_wsgi_answers_for_what_breaks(lines: io.StringIO) -> None:
    """Also when the application had said 200 already, without sending anything."""

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("content-type", "text/plain")])
        raise ZeroDivisionError

    status, _, body = served(WsgiEdge(app))

    assert ("500 Internal Server Error", "order-7") == (status, json.loads(body)["request_id"])
    assert ["ZeroDivisionError", None] == [line.get("exception.type") for line in parsed(lines)]


def test_nothing_stays_bound() -> None:
    """After a request there is none at hand."""
    asked(Edge(hello))

    assert context.current() is None


def test_wsgi_of_one_request_is_not_seen_by_another() -> None:
    """A server may leave a body unfinished, or send several in turn in one thread."""
    seen = []

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])

        def pieces() -> Iterator[bytes]:
            request = context.current()
            seen.append(dict(request.fields) if request else None)
            with context.bound(**{"user.id": environ["USER"]}):
                yield b"a"
                yield b"b"

        return pieces()

    def begun(user: str) -> Iterator[bytes]:
        environ: dict[str, Any] = {"USER": user}
        setup_testing_defaults(environ)
        return iter(WsgiEdge(app)(environ, lambda *_: None))  # type: ignore[arg-type]

    first, second = begun("ana"), begun("bo")
    pieces = next(first), next(second), next(first), next(second)

    assert (b"a", b"a", b"b", b"b") == pieces
    assert [{}, {}] == seen
    assert context.current() is None


def test_what_was_bound_is_on_the_access_line_and_on_that_of_an_error(lines: io.StringIO) -> None:
    """Who asked is known of the request that is counted; what changed in its course is not said of the whole."""

    def items() -> None:
        for item in (1, 2):
            with context.bound(item=item):
                log.info("packed")

    async def of_a_user(scope: Scope, receive: Receive, send: Send) -> None:
        with context.bound(**{"user.id": "u1"}):
            await asyncio.to_thread(items)
            await hello(scope, receive, send)
        raise ZeroDivisionError

    def of_another(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        del environ, start_response
        with context.bound(**{"user.id": "u2"}):
            items()
            raise ZeroDivisionError

    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    log = logging.getLogger("lastgood_kit.edge")

    asked(Edge(of_a_user))
    b"".join(WsgiEdge(of_another)(environ, lambda *_: lambda _: None))

    assert [
        ("u1", 1),
        ("u1", 2),
        ("u1", None),
        ("u1", None),
        ("u2", 1),
        ("u2", 2),
        ("u2", None),
        ("u2", None),
    ] == [(line["user.id"], line.get("item")) for line in parsed(lines)]
    asked(Edge(hello))
    assert "user.id" not in parsed(lines)[-1]
