"""Payments: charges cards through the provider of a region, and knows which of its answers are ordinary."""

import logging
import os
import ssl
import time
from typing import Any

import httpx
from opentelemetry import baggage
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.boundary import boundary
from lastgood_kit.health import Check
from shop.places import address, setting
from shop.service import VERSION, run
from shop.telemetry import Telemetry

log = logging.getLogger("shop.payments")
telemetry = Telemetry("payments", VERSION)
trusted = ssl.create_default_context(cafile=os.environ.get("PROVIDER_CA"))
client = httpx.AsyncClient(timeout=3, verify=trusted)
ORDINARY = {"insufficient_funds", "expired_card"}  # for the customer to mend


async def asked_for(provider: str, order: dict[str, Any]) -> httpx.Response:
    """What a provider answers to a charge."""
    return await telemetry.call(client, provider, "/v1/charges", order)


async def charge(request: Request) -> Response:
    """200 when charged, 402 when the bank declines, 502 and 504 when the provider does not do its work."""
    order = await request.json()
    provider = setting("provider")[str(baggage.get_baggage("user.region") or "eu")]
    with boundary("charge card", **{"card.issuer": order["issuer"], "payment.provider": provider}):
        try:
            answer = await asked_for(provider, {**order, "at": time.time()})  # noqa: TID251
        except httpx.TransportError as error:
            why = str(error) or type(error).__name__
            log.error("Charge failed for order %s: %s: %s", order["order"], provider, why)  # noqa: TRY400
            slow = isinstance(error, httpx.TimeoutException)
            return JSONResponse({"error": "provider not reached"}, 504 if slow else 502)
        if answer.status_code == 200:
            return JSONResponse({"charged": order["amount"]})
        code = answer.json().get("code", "")
        if code in ORDINARY:
            log.info("Card declined for order %s: %s", order["order"], code)
            return JSONResponse({"declined": code}, 402)
        log.error(
            "Charge failed for order %s: %s returned %d %s",
            order["order"],
            provider,
            answer.status_code,
            code,
        )
        return JSONResponse({"error": "provider failed"}, 502)


def answers() -> None:
    """Raises when the provider of most users does not answer."""
    httpx.get(address(setting("provider")["eu"]) + "/ping", timeout=1, verify=trusted).raise_for_status()


if __name__ == "__main__":
    run("payments", telemetry, [Route("/charge", charge, methods=["POST"])], [Check("provider", answers)])
