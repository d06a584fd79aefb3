"""The edge: a reverse proxy that begins every trace and counts what users get."""

import time
from collections import deque

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.health import Check
from shop.service import VERSION, address, answers, run
from shop.telemetry import Telemetry

telemetry = Telemetry("edge", VERSION)
client = httpx.AsyncClient(timeout=10)
outcomes: deque[tuple[float, int]] = deque(maxlen=20_000)


async def pass_on(request: Request) -> Response:
    """What the shop answers; 502 and 504 when it does not."""
    body = await request.json() if request.method == "POST" else None
    status, content = 502, b'{"error": "bad gateway"}'
    try:
        answer = await telemetry.call(client, "checkout", address("checkout") + request.url.path, body)
        status, content = answer.status_code, answer.content
    except httpx.TimeoutException:
        status, content = 504, b'{"error": "gateway timeout"}'
    except httpx.TransportError:
        pass
    outcomes.append((time.monotonic(), status))
    return Response(content, status, media_type="application/json")


async def share(request: Request) -> Response:
    """How many requests of the last seconds there were, and how many failed: what an alert looks at."""
    since = time.monotonic() - float(request.query_params.get("seconds", "30"))
    recent = [status for moment, status in outcomes if moment >= since]
    return JSONResponse({"requests": len(recent), "failed": sum(status >= 500 for status in recent)})


if __name__ == "__main__":
    checks = [Check("checkout", answers("checkout"), timeout=2)]
    routes = [Route("/health-share", share), Route("/{path:path}", pass_on, methods=["GET", "POST"])]
    run("edge", telemetry, routes, checks)
