"""What the kit costs a service: a log call, and a request through its middleware.

Both are beside what they stand in for: the standard library's handler with its plain text format, and the same
application without middleware. A request writes four lines and has two fields of its own; the lines have no `extra`.
The log stream is /dev/null, so that only the work in the process is measured, and time is the processor's, so that a
busy machine makes no difference.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, TextIO

from bench.figures import Figure

from lastgood_kit import context
from lastgood_kit.edge import AsgiApp, Edge, Receive, Scope, Send, StartResponse, WsgiEdge
from lastgood_kit.logs import JsonLines

NEEDS = ""
CALLS, ROUNDS, LINES = 5_000, 15, 4
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
RESOURCE = {"service.name": "payments", "service.version": "v2", "deployment.environment.name": "prod"}
PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The median of rounds of the difference in one round."""
    del data, scratch
    with Path("/dev/null").open("w") as nowhere:
        plain, ours = (
            _logger("plain", logging.Formatter(PLAIN), nowhere),
            _logger("kit", JsonLines(RESOURCE), nowhere),
        )
        added = _added(_logging(plain), _logging(ours))
    note = f"median of {ROUNDS} rounds of {CALLS}"
    yield Figure("a log call, more than the standard library's", added, "µs", limit=5, note=note)
    logging.getLogger("lastgood_kit.edge").setLevel(logging.WARNING)
    asgi = _added(_asgi(_hello), _asgi(Edge(_hello)))
    yield Figure("an ASGI request, ids only", asgi, "µs", limit=20, note=note)
    wsgi = _added(_wsgi(_wsgi_hello), _wsgi(WsgiEdge(_wsgi_hello)))
    yield Figure("a WSGI request, ids only", wsgi, "µs", limit=20, note=note)


def _added(without: Callable[[], None], with_it: Callable[[], None]) -> float:
    return median(_microseconds(with_it) - _microseconds(without) for _ in range(ROUNDS))


def _microseconds(work: Callable[[], None]) -> float:
    started = process_time()
    work()
    return (process_time() - started) / CALLS * 1e6


def _logger(name: str, formatter: logging.Formatter, stream: TextIO) -> logging.Logger:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger(f"bench.{name}")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    return logger


def _logging(logger: logging.Logger) -> Callable[[], None]:
    fields = {"user.id": "u1", "user.plan": "school"}

    def work() -> None:
        for number in range(CALLS // LINES):
            with context.serving(replace(context.arriving(TRACEPARENT), fields=fields)):
                for line in range(LINES):
                    logger.info("charged %d of %d", line, number)

    return work


async def _hello(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def _asgi(app: AsgiApp) -> Callable[[], None]:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"traceparent", TRACEPARENT.encode())],
    }

    async def nothing(*_: Any) -> dict[str, Any]:
        return {}

    async def send(_: Any) -> None:
        return

    async def serve() -> None:
        for _ in range(CALLS):
            await app(scope, nothing, send)

    return lambda: asyncio.run(serve())


def _wsgi_hello(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    del environ
    start_response("200 OK", [])
    return [b"hello"]


def _wsgi(app: Callable[[dict[str, Any], StartResponse], Any]) -> Callable[[], None]:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_TRACEPARENT": TRACEPARENT}

    def start(*_: Any) -> Any:
        return len

    def work() -> None:
        for _ in range(CALLS):
            b"".join(app(environ, start))

    return work
