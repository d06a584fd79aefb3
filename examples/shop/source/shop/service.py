"""What every service of the shop is: routes, health, telemetry, on the port it was given."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount

from lastgood_kit.edge import AsgiApp, Edge, Receive, Scope, Send
from lastgood_kit.health import Check, Health
from shop.places import address
from shop.telemetry import Telemetry, Traced

VERSION = os.environ.get("SERVICE_VERSION", "unknown")


def answers(peer: str, path: str = "/health/") -> Callable[[], object]:
    """A check that another service answers, and says that it is well."""
    return lambda: httpx.get(address(peer) + path, timeout=1).raise_for_status()


class Bounded:
    """ASGI middleware that refuses what is too much at once: a queue without end would outlive what made it grow."""

    def __init__(self, app: AsgiApp, most: int) -> None:
        self._app, self._most, self._now = app, most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer 503 at once."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._now >= self._most:
            busy: Any = JSONResponse({"error": f"{self._most} requests are being served"}, 503)
            await busy(scope, receive, send)
            return
        self._now += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._now -= 1


def run(
    name: str,
    telemetry: Telemetry,
    routes: Iterable[BaseRoute],
    checks: Iterable[Check] = (),
    *,
    most: int = 60,
) -> None:
    """Serve at most so many requests at once until asked to stop, then send the last telemetry."""
    health: Any = Health(checks, service=name, version=VERSION)
    inner: Any = Starlette(routes=[Mount("/health", app=health), *routes])
    app: Any = Traced(Edge(Bounded(inner, most)), telemetry)
    # uvicorn raises the signal again once it has ended: by default the process would die before the last telemetry is sent.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        # Kept alive for longer than callers keep their connections, so that none is closed under a request.
        uvicorn.run(
            app,
            host="127.0.0.1",
            port=int(os.environ["PORT"]),
            timeout_keep_alive=30,
            log_config=None,
            access_log=False,
        )
    finally:
        telemetry.close()
