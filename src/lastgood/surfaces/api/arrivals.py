"""Changes and alerts, as they are posted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lastgood.model.signal import Signal
from lastgood.surfaces.server.desk import DeniedError, Desk
from lastgood.workbench.deliveries import Delivered, cloud_event, deliver
from lastgood.workbench.paging import page
from lastgood.workbench.signatures import GITHUB, PAGERDUTY, SENDERS, Sender, secret_of, standard_signed

Answer = Callable[[Request, Desk], Awaitable[Response]]


async def changes(request: Request, desk: Desk) -> Response:
    """Store changes: Lastgood's own, CloudEvents and CDEvents, and what other tools send."""
    body = await request.body()
    headers = dict(request.headers)
    if "ce-type" in headers:
        body = cloud_event(headers, body)
    return _reported(await _stored(desk, body))


async def github(request: Request, desk: Desk) -> Response:
    """Store changes that GitHub sends, signed over the raw body."""
    body = await _signed(request, desk, "github", GITHUB)
    if request.headers.get("x-github-event") == "ping":
        return JSONResponse({"stored": 0, "rejected": 0, "reasons": [], "repeated": False})
    return await _once(desk, "github", request.headers.get("x-github-delivery", ""), body)


def of_sender(name: str) -> Answer:
    """The answer to changes that one of the senders posts; the same change counts once."""

    async def answer(request: Request, desk: Desk) -> Response:
        return _reported(await _stored(desk, await _signed(request, desk, name, SENDERS[name])))

    answer.__name__ = name
    return answer


async def pagerduty(request: Request, desk: Desk) -> Response:
    """Store alerts that PagerDuty sends; each comes to an incident."""
    return await _alerted(desk, await _signed(request, desk, "pagerduty", PAGERDUTY))


async def _signed(request: Request, desk: Desk, name: str, sender: Sender) -> bytes:
    """The body.

    Raises:
        DeniedError: the sender did not sign it.
    """
    body = await request.body()
    if not sender.signed(secret_of(desk.environment, name), request.headers.get(sender.header, ""), body):
        raise DeniedError(401, "the signature is not right")
    return body


async def webhook(request: Request, desk: Desk) -> Response:
    """Store changes that are signed as Standard Webhooks say."""
    body = await request.body()
    given = request.headers
    message = given.get("webhook-id", "")
    right = standard_signed(
        desk.environment.get("LASTGOOD_WEBHOOK_SECRET", ""),
        (message, given.get("webhook-timestamp", ""), given.get("webhook-signature", "")),
        body,
        desk.service.clock(),
    )
    if not right:
        raise DeniedError(401, "the signature is not right, or too old")
    return await _once(desk, "webhook", message, body)


async def alerts(request: Request, desk: Desk) -> Response:
    """Store alerts; each comes to an incident, and its investigation starts."""
    return await _alerted(desk, await request.body())


async def _alerted(desk: Desk, body: bytes) -> Response:
    delivered = await desk.run(deliver, desk.service, Signal.ALERTS, body)
    found = await desk.run(page, desk.service, delivered, _group(body))
    for one in found:
        if one.opened or delivered.stored:
            await desk.investigations.start(one.number)
    return _reported(delivered, incidents=[one.number for one in found])


async def _once(desk: Desk, source: str, delivery: str, body: bytes) -> Response:
    """The answer to a signed delivery, which counts once."""
    arrivals, clock = desk.service.arrivals, desk.service.clock
    name = delivery[:200]
    if not name:
        return JSONResponse({"error": "usage", "message": "the delivery has no id"}, 400)
    if not await desk.run(arrivals.first, source, name, clock()):
        return JSONResponse({"stored": 0, "rejected": 0, "reasons": [], "repeated": True})
    try:
        return _reported(await _stored(desk, body))
    except BaseException:
        await asyncio.shield(desk.run(arrivals.forget, source, name))
        raise


async def _stored(desk: Desk, body: bytes) -> Delivered:
    """Changes that are stored, and will be posted where that is wanted."""
    delivered = await desk.run(deliver, desk.service, Signal.CHANGES, body)
    desk.noticing.accepted(delivered.new)
    return delivered


def _reported(delivered: Delivered, **more: Any) -> Response:
    content = {
        "stored": delivered.stored,
        "rejected": delivered.rejected,
        "reasons": delivered.reasons,
        **(more or {"repeated": delivered.repeated}),
    }
    return JSONResponse(content, 400 if delivered.rejected and not delivered.rows else 200)


def _group(body: bytes) -> str:
    """What the sender groups alerts by, with the receiver; empty where it does not."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(document.get("groupKey") or "")[:500] if isinstance(document, dict) else ""
