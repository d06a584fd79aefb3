"""Middleware for the edge of a service: ids in and out, an access line, and a 500 that can be looked up.

ASGI: `app = Edge(app)`. WSGI: `app = WsgiEdge(app)`. Both need no framework.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, MutableMapping
from contextvars import copy_context
from time import perf_counter
from types import TracebackType
from typing import Any

from lastgood_kit import context
from lastgood_kit.boundary import is_logged

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
StartResponse = Callable[..., Callable[[bytes], object]]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

log = logging.getLogger("lastgood_kit.edge")
INTERNAL, CLIENT_LEFT = 500, 499


def _failed(request: context.Request) -> bytes:
    return json.dumps({"error": "internal error", "request_id": request.request_id}).encode()


def _served(request: context.Request, method: str, path: str, status: int, started: float) -> None:
    level = logging.ERROR if status >= INTERNAL else logging.INFO
    if log.isEnabledFor(level):
        fields = {
            "http.request.method": method,
            "url.path": path,
            "http.response.status_code": status,
            "duration_ms": round((perf_counter() - started) * 1000, 3),
        }
        with context.ending(request):
            log.log(level, "%s %s: %d", method, path, status, extra=fields)


def _broke(request: context.Request, method: str, path: str, error: Exception) -> None:
    with context.ending(request):
        log.error("%s %s failed", method, path, exc_info=error)


async def _sorry(request: context.Request, send: Send) -> None:
    body = _failed(request)
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": INTERNAL, "headers": head})
    await send({"type": "http.response.body", "body": body})


class Edge:
    """ASGI middleware."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with its ids bound; anything else passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        trace, own_id = headers.get(b"traceparent", b""), headers.get(b"x-request-id", b"")
        arrived = context.arriving(trace.decode("latin-1"), own_id.decode("latin-1"))
        status, ended, started = 0, False, perf_counter()

        async def answering(message: MutableMapping[str, Any]) -> None:
            nonlocal status, ended
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", arrived.request_id.encode("latin-1"))
                message = {**message, "headers": [*message.get("headers", ()), own]}
            await send(message)

        with context.serving(arrived):
            try:
                await self._app(scope, receive, answering)
            except asyncio.CancelledError:
                status = status or CLIENT_LEFT
                raise
            except Exception as error:
                if not is_logged(error):
                    _broke(arrived, scope["method"], scope["path"], error)
                if ended:
                    return  # a framework has answered for it
                if status:
                    raise  # the answer has begun: the server must cut it off
                await _sorry(arrived, answering)
            finally:
                _served(arrived, scope["method"], scope["path"], status or INTERNAL, started)


class _Alone:
    """A body that is made in a context of its own: a server may send several in turn, or leave one unfinished."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._pieces, self._context = pieces, copy_context()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._context.run(next, self._pieces)

    def close(self) -> None:
        """End it, as WSGI asks."""
        self._context.run(self._pieces.close)


class WsgiEdge:
    """WSGI middleware."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request with its ids bound, until its body has been sent."""
        arrived = context.arriving(environ.get("HTTP_TRACEPARENT", ""), environ.get("HTTP_X_REQUEST_ID", ""))
        return _Alone(self._sent(environ, start_response, arrived))

    def _sent(
        self, environ: dict[str, Any], start_response: StartResponse, arrived: context.Request
    ) -> Generator[bytes, None, None]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        status, started, sent = 0, perf_counter(), False
        own = ("x-request-id", arrived.request_id)

        def answering(
            line: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
        ) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line.split(" ", 1)[0])
            reported = (exc_info,) if exc_info else ()
            return start_response(line, [*headers, own], *reported)

        with context.serving(arrived):
            pieces: Iterable[bytes] = ()
            try:
                pieces = self._app(environ, answering)
                for piece in pieces:
                    sent = True
                    yield piece
            except Exception as error:
                if not is_logged(error):
                    _broke(arrived, method, path, error)
                if sent:
                    raise
                body = _failed(arrived)
                head = [("content-type", "application/json"), ("content-length", str(len(body))), own]
                status = INTERNAL
                start_response("500 Internal Server Error", head, sys.exc_info())
                yield body
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
                _served(arrived, method, path, status or INTERNAL, started)
