"""The payment provider, a third party: it sends us no telemetry, only answers and a status page.

What it does wrong is in the file CONDUCT, which it reads before every charge: `refuse` issuers, or be `slow`.
"""

import json
import os
import random
import time
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

CONDUCT = Path(os.environ.get("CONDUCT", "conduct.json"))
USUAL_DECLINES = 0.01


def conduct() -> dict[str, Any]:
    """How it behaves just now."""
    found: dict[str, Any] = json.loads(CONDUCT.read_text()) if CONDUCT.exists() else {}
    return found


def decided(issuer: str) -> Response:
    """The answer about one card."""
    now = conduct()
    time.sleep(random.uniform(0.01, 0.03) + float(now.get("slow", 0)))
    if issuer in now.get("refuse", ()):
        return JSONResponse({"code": "authentication_required"}, 402)
    if random.random() < USUAL_DECLINES:
        return JSONResponse({"code": "insufficient_funds"}, 402)
    return JSONResponse({"code": "charged"})


async def charge(request: Request) -> Response:
    """Charge one card."""
    return await run_in_threadpool(decided, (await request.json())["issuer"])


async def ping(request: Request) -> Response:
    """It answers."""
    return PlainTextResponse("pong")


async def status(request: Request) -> Response:
    """The status page, in the format of the Statuspage API."""
    page = {"id": "cardgate", "name": "cardgate.example"}
    return JSONResponse({"page": page, "incidents": conduct().get("incidents", [])})


if __name__ == "__main__":
    routes = [
        Route("/v1/charges", charge, methods=["POST"]),
        Route("/ping", ping),
        Route("/api/v2/incidents.json", status),
    ]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=int(os.environ["PORT"]), log_config=None)
