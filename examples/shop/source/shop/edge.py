"""The edge: a reverse proxy that begins every trace, and counts what users get and how long they wait."""

import time
from collections import deque

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.health import Check
from shop.places import setting
from shop.service import VERSION, answers, run
from shop.telemetry import Telemetry

telemetry = Telemetry("edge", VERSION)
client = httpx.AsyncClient(timeout=10)
outcomes: deque[tuple[float, int, float]] = deque(maxlen=20_000)


SLOW = 0.8  # seconds


async def pass_on(request: Request) -> Response:
    """What the shop answers; 502 and 504 when it does not, 429 for apps that are kept out."""
    started = time.monotonic()
    status, content = 429, b'{"error": "too many requests"}'
    if request.headers.get("x-app-version") not in setting("kept_out"):
        status, content = await asked(request)
    outcomes.append((time.monotonic(), status, time.monotonic() - started))
    return Response(content, status, media_type="application/json")


async def asked(request: Request) -> tuple[int, bytes]:
    """Status and body of the service behind a path."""
    body = await request.json() if request.method == "POST" else None
    peer = "search" if request.url.path == "/search" else "checkout"
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        answer = await telemetry.call(client, peer, path, body)
    except httpx.TimeoutException:
        return 504, b'{"error": "gateway timeout"}'
    except httpx.TransportError:
        return 502, b'{"error": "bad gateway"}'
    return answer.status_code, answer.content


async def share(request: Request) -> Response:
    """How many requests of the last seconds there were, failed, and were slow: what an alert looks at."""
    since = time.monotonic() - float(request.query_params.get("seconds", "30"))
    recent = [(status, seconds) for moment, status, seconds in outcomes if moment >= since]
    failed = sum(status >= 500 for status, _ in recent)
    slow = sum(seconds > SLOW for _, seconds in recent)
    return JSONResponse({"requests": len(recent), "failed": failed, "slow": slow})


if __name__ == "__main__":
    checks = [Check(peer, answers(peer), timeout=2) for peer in ("checkout", "search")]
    routes = [Route("/health-share", share), Route("/{path:path}", pass_on, methods=["GET", "POST"])]
    run("edge", telemetry, routes, checks)
