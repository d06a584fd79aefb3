"""The guard: what every request of pages and API passes: host, origin, who asks, and the headers of the answer."""

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

import orjson

from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.server.log import TRACE

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

Scope = dict[str, Any]


class Guard:
    """An ASGI application around another one."""

    def __init__(self, app: Any, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Let a request through, or answer it with a refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        TRACE.set(trace_of(headers.get("traceparent", "")))
        safely = _with_headers(send)
        if why := self._foreign(scope, headers):
            await _refused(safely, 403, why)
            return
        state = scope.setdefault("state", {})
        state["caller"], state["session"] = await self._desk.callers.of_headers(headers)
        await self._app(scope, receive, safely)

    def _foreign(self, scope: Scope, headers: dict[str, str]) -> str:
        """Why a request may come from another site's page; empty where it does not."""
        host = headers.get("host", "")
        if hostname(host) not in self._desk.hosts:
            return "this server is not known under that host; see --allow-host"
        origin = headers.get("origin", "")
        if scope["method"] not in SAFE and origin and _place(origin) != host:
            return "the origin is another site"
        if scope["method"] not in SAFE and headers.get("sec-fetch-site", "none") not in {
            "same-origin",
            "none",
        }:
            return "the request comes from another site"
        return ""


def _place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def hostname(host: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def trace_of(traceparent: str) -> str:
    """The trace id that a request brings (W3C Trace Context), else a new one."""
    found = _TRACEPARENT.fullmatch(traceparent)
    return found[1] if found else secrets.token_hex(16)


def _with_headers(send: Any) -> Any:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = {name.decode("latin-1").lower() for name, _ in message["headers"]}
            more = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n not in given]
            message = {
                **message,
                "headers": [*message["headers"], *more, (b"x-trace-id", TRACE.get().encode())],
            }
        await send(message)

    return sending


async def _refused(send: Any, status: int, why: str) -> None:
    body = orjson.dumps({"error": "refused", "message": why})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
