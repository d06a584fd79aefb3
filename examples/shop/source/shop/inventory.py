"""Inventory: stock in SQLite, through a pool of connections that can run out."""

import logging
import os
import sqlite3
import threading
from asyncio import to_thread
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import Any

from opentelemetry import metrics
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.health import Check
from shop.service import VERSION, run
from shop.telemetry import Telemetry

log = logging.getLogger("shop.inventory")
telemetry = Telemetry("inventory", VERSION)
CONNECTIONS, PATIENCE = 4, 1.0
PRODUCTS = 2000
FORECAST = "SELECT count(*) FROM stock a JOIN stock b ON b.price < a.price AND b.id % 7 = a.id % 7"


class PoolExhaustedError(Exception):
    """No connection was free in time."""


class Pool:
    """Connections that are lent, and given back."""

    def __init__(self, path: str) -> None:
        self._free: Queue[sqlite3.Connection] = Queue()
        for _ in range(CONNECTIONS):
            self._free.put(sqlite3.connect(path, check_same_thread=False, timeout=5))

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """One of them; waits for as long as is bearable."""
        try:
            lent = self._free.get(timeout=PATIENCE)
        except Empty:
            raise PoolExhaustedError(f"no free connection after {PATIENCE} s, {CONNECTIONS} in use") from None
        try:
            yield lent
        finally:
            self._free.put(lent)

    def used(self, _: Any) -> Iterable[metrics.Observation]:
        """How many are lent."""
        yield metrics.Observation(CONNECTIONS - self._free.qsize(), {"db.client.connection.state": "used"})


def prepared(path: str) -> Pool:
    """A pool over a database with stock."""
    with sqlite3.connect(path) as new:
        new.execute(
            "CREATE TABLE IF NOT EXISTS stock (id INTEGER PRIMARY KEY, name TEXT, price REAL, left INTEGER)"
        )
        rows = ((n, f"product {n}", 1 + n % 90, 1_000_000) for n in range(PRODUCTS))
        new.executemany("INSERT OR IGNORE INTO stock VALUES (?, ?, ?, ?)", rows)
    return Pool(path)


pool = prepared(os.environ.get("DATABASE", ":memory:"))
writing = threading.Lock()


def queried(connection: sqlite3.Connection, sql: str, *values: Any) -> list[Any]:
    """The rows of a statement, as a span of the database."""
    told = {"db.system.name": "sqlite", "db.query.text": sql, "peer.service": "stock-db"}
    with telemetry.calling(sql.split(" ", 1)[0], **told):
        return connection.execute(sql, values).fetchall()


def products(request: Request) -> Response:
    """The first page."""
    with pool.connection() as connection:
        rows = queried(connection, "SELECT id, name, price FROM stock ORDER BY id LIMIT 20")
    return JSONResponse([{"id": row[0], "name": row[1], "price": row[2]} for row in rows])


def reserved(cart: list[dict[str, Any]], *, forecast: bool) -> Response:
    """The cart with prices; 503 when the database cannot be reached in time."""
    try:
        with pool.connection() as connection:
            if forecast:
                queried(connection, FORECAST)
            priced = [
                {
                    **item,
                    "price": queried(connection, "SELECT price FROM stock WHERE id = ?", item["product"])[0][
                        0
                    ],
                }
                for item in cart
            ]
            with writing, connection:
                for item in cart:
                    queried(
                        connection,
                        "UPDATE stock SET left = left - ? WHERE id = ?",
                        item["quantity"],
                        item["product"],
                    )
    except PoolExhaustedError as error:
        log.exception("Cannot reserve %d products", len(cart))
        return JSONResponse({"error": str(error)}, 503)
    return JSONResponse(priced)


def works() -> None:
    """Raises when the database does not."""
    with pool.connection() as connection:
        connection.execute("SELECT 1 FROM stock LIMIT 1").fetchone()


async def reserve(request: Request) -> Response:
    """Take products out of stock, in a thread: the database blocks."""
    return await to_thread(reserved, await request.json(), forecast=request.url.path.endswith("forecast"))


if __name__ == "__main__":
    limits = metrics.get_meter("inventory")
    limits.create_observable_gauge("db.client.connection.count", [pool.used])
    limits.create_observable_gauge("db.client.connection.max", [lambda _: [metrics.Observation(CONNECTIONS)]])
    ways = ["/reserve", "/reserve-with-forecast"]
    posts = [Route(way, reserve, methods=["POST"]) for way in ways]
    run("inventory", telemetry, [Route("/products", products), *posts], [Check("database", works)])
