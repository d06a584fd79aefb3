"""The worker: takes orders from the queue, one after the other, and writes their receipts."""

import logging
import os
import threading
import time
from typing import Any

from opentelemetry import context as otel
from opentelemetry import metrics, propagate
from opentelemetry.trace import SpanKind
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit import context
from lastgood_kit.boundary import boundary
from shop.orders import Orders
from shop.service import VERSION, run
from shop.telemetry import Telemetry, served_to

log = logging.getLogger("shop.worker")
telemetry = Telemetry("worker", VERSION)
orders = Orders(os.environ["QUEUE"])
stopping = threading.Event()
IDLE, RETRY = 0.05, 1.0


def receipt(order: dict[str, Any]) -> str:
    """The text that the customer gets."""
    lines = [f"{item['quantity']} x product {item['product']}" for item in order["cart"]]
    if "gift" in order:
        lines.append(f"A gift for {order['gift']['to']}")
    time.sleep(0.02)  # what printing takes
    return "\n".join(lines)


def work() -> bool:
    """Whether there was an order; an order that fails stays the first of the queue."""
    found = orders.first()
    if found is None:
        return False
    number, order, carrier = found
    token = otel.attach(propagate.extract(carrier))
    try:
        with telemetry.tracer.start_as_current_span(
            "process orders", kind=SpanKind.CONSUMER,
            attributes={"messaging.system": "sqlite", "messaging.destination.name": "orders", **served_to()},
        ), context.bound(**served_to()), boundary("write receipt", **{"order.id": order["id"]}):  # fmt: skip
            receipt(order)
            orders.done(number)
            log.info("Receipt of order %s sent", order["id"])
    finally:
        otel.detach(token)
    return True


def consume() -> None:
    """Work until the service ends."""
    while not stopping.is_set():
        try:
            if not work():
                stopping.wait(IDLE)
        except Exception:  # noqa: BLE001 - the boundary has logged it
            stopping.wait(RETRY)


async def queue(request: Request) -> Response:
    """How many orders wait, and for how long: what an alert looks at."""
    waiting, seconds = orders.waiting()
    return JSONResponse({"waiting": waiting, "seconds": seconds})


if __name__ == "__main__":
    meter, on = metrics.get_meter("orders"), {"messaging.destination.name": "orders"}
    meter.create_observable_gauge(
        "messaging.queue.depth", [lambda _: [metrics.Observation(orders.waiting()[0], on)]]
    )
    meter.create_observable_gauge(
        "messaging.queue.oldest_age", [lambda _: [metrics.Observation(orders.waiting()[1], on)]], "s"
    )
    consumer = threading.Thread(target=consume)
    consumer.start()
    try:
        run("worker", telemetry, [Route("/health-queue", queue)])
    finally:
        stopping.set()
        consumer.join()
