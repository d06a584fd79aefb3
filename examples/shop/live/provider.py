"""A payment provider, a third party: it sends us no telemetry, only answers over TLS, and a status page.

What it does wrong is in the file CONDUCT, which it reads before every charge: `refuse` issuers, be `slow`, allow
only so many charges a second (`quota`).
"""

import json
import os
import random
import time
from collections import deque
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

CONDUCT = Path(os.environ.get("CONDUCT", "conduct.json"))
USUAL_DECLINES, QUOTA, TOLERANCE = 0.01, 18, 30.0
recent: deque[float] = deque(maxlen=1000)


def conduct() -> dict[str, Any]:
    """How it behaves just now."""
    found: dict[str, Any] = json.loads(CONDUCT.read_text()) if CONDUCT.exists() else {}
    return found


def too_many(quota: int) -> bool:
    """Whether more than so many charges came in the last second."""
    moment = time.monotonic()
    recent.append(moment)
    return sum(moment - one < 1 for one in recent) > quota


def decided(issuer: str, at: float) -> Response:
    """The answer about one card, to a request of a time."""
    now = conduct()
    if abs(time.time() - at) > TOLERANCE:  # noqa: TID251
        return JSONResponse({"code": "request_expired"}, 401)
    if too_many(int(now.get("quota", QUOTA))):
        return JSONResponse({"code": "rate_limited"}, 429)
    time.sleep(random.uniform(0.01, 0.03) + float(now.get("slow", 0)))
    if issuer in now.get("refuse", ()):
        return JSONResponse({"code": "authentication_required"}, 402)
    if random.random() < USUAL_DECLINES:
        return JSONResponse({"code": "insufficient_funds"}, 402)
    return JSONResponse({"code": "charged"})


async def charge(request: Request) -> Response:
    """Charge one card."""
    asked = await request.json()
    return await run_in_threadpool(decided, asked["issuer"], float(asked.get("at", time.time())))  # noqa: TID251


async def ping(request: Request) -> Response:
    """It answers."""
    return PlainTextResponse("pong")


async def status(request: Request) -> Response:
    """The status page, in the format of the Statuspage API."""
    name = os.environ["PROVIDER"]
    page = {"id": name, "name": name}
    return JSONResponse({"page": page, "incidents": conduct().get("incidents", [])})


if __name__ == "__main__":
    routes = [
        Route("/v1/charges", charge, methods=["POST"]),
        Route("/ping", ping),
        Route("/api/v2/incidents.json", status),
    ]
    uvicorn.run(
        Starlette(routes=routes), host="127.0.0.1", port=int(os.environ["PORT"]), log_config=None,
        timeout_keep_alive=30, ssl_certfile=os.environ["CERTIFICATE"],
    )  # fmt: skip
