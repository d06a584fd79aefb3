"""Payments: charges cards through the provider, and knows which of its answers are ordinary."""

import logging

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.boundary import boundary
from lastgood_kit.health import Check
from shop.service import VERSION, address, answers, run
from shop.telemetry import Telemetry

log = logging.getLogger("shop.payments")
telemetry = Telemetry("payments", VERSION)
client = httpx.AsyncClient(timeout=3)
ORDINARY = {"insufficient_funds", "expired_card"}  # for the customer to mend


async def charge(request: Request) -> Response:
    """200 when charged, 402 when the bank declines, 502 and 504 when the provider does not do its work."""
    asked = await request.json()
    with boundary("charge card", **{"card.issuer": asked["issuer"]}):
        try:
            answer = await telemetry.call(
                client, "cardgate.example", address("provider") + "/v1/charges", asked
            )
        except httpx.TimeoutException:
            log.error("Charge failed for order %s: cardgate did not answer", asked["order"])  # noqa: TRY400
            return JSONResponse({"error": "provider timeout"}, 504)
    if answer.status_code == 200:
        return JSONResponse({"charged": asked["amount"]})
    code = answer.json().get("code", "")
    if code in ORDINARY:
        log.info("Card declined for order %s: %s", asked["order"], code)
        return JSONResponse({"declined": code}, 402)
    log.error("Charge failed for order %s: cardgate returned %d %s", asked["order"], answer.status_code, code)
    return JSONResponse({"error": "provider failed"}, 502)


if __name__ == "__main__":
    checks = [Check("cardgate", answers("provider", "/ping"))]
    run("payments", telemetry, [Route("/charge", charge, methods=["POST"])], checks)
