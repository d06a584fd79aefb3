"""The shop itself: products, and checkout, which reserves, prices and charges."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import httpx
from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.boundary import boundary
from lastgood_kit.flags import KillSwitch
from lastgood_kit.health import Check
from shop.disk import Disk
from shop.orders import Orders
from shop.service import VERSION, answers, run
from shop.telemetry import Telemetry

log = logging.getLogger("shop.checkout")
telemetry = Telemetry("checkout", VERSION)
client = httpx.AsyncClient(timeout=6)
disk = Disk(Path(os.environ["DISK"]), int(os.environ["DISK_BYTES"]))
orders = Orders(os.environ["QUEUE"])
DISCOUNTS = {"plus": 0.1, "free": 0.0}
FORECAST = KillSwitch("stock-forecast", unknown=False)


def price(cart: list[dict[str, Any]], plan: str) -> float:
    """What the cart costs on a plan."""
    total: float = sum(item["price"] * item["quantity"] for item in cart)
    return round(total * (1 - DISCOUNTS.get(plan, 0.0)), 2)


async def products(request: Request) -> Response:
    """The first page of products."""
    answer = await telemetry.call(client, "inventory", "/products")
    return Response(answer.content, answer.status_code, media_type="application/json")


async def checkout(request: Request) -> Response:
    """Place an order: 200, 402 when the bank declines, 404 when sold out, 502 when a part of the shop does not work."""
    order = await request.json()
    with boundary("place order", **{"order.id": order["id"]}):
        path = "/reserve-with-forecast" if FORECAST.on() else "/reserve"
        reserved = await telemetry.call(client, "inventory", path, order["cart"])
        if reserved.status_code == 404:
            return JSONResponse({"error": "sold out"}, 404)
        if reserved.status_code != 200:
            log.error("Cannot reserve order %s: inventory returned %d", order["id"], reserved.status_code)
            return JSONResponse({"error": "out of order"}, 502)
        amount = price(reserved.json(), order["plan"])
        charge = {"order": order["id"], "amount": amount, "issuer": order["issuer"]}
        charged = await telemetry.call(client, "payments", "/charge", charge)
        if charged.status_code not in {200, 402}:
            log.error("Cannot charge order %s: payments returned %d", order["id"], charged.status_code)
            return JSONResponse({"error": "payment failed"}, 502)
        if charged.status_code == 200:
            disk.append("orders.journal", json.dumps({"order": order["id"], "amount": amount}))
            orders.put(order)
            log.info("Order %s placed", order["id"])
    return Response(charged.content, charged.status_code, media_type="application/json")


if __name__ == "__main__":
    flags = FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=os.environ["FLAGS"])
    api.set_provider_and_wait(flags)
    needed = [Check(peer, answers(peer), timeout=2) for peer in ("inventory", "payments")]
    routes = [Route("/products", products), Route("/checkout", checkout, methods=["POST"])]
    try:
        run("checkout", telemetry, routes, needed)
    finally:
        api.shutdown()
