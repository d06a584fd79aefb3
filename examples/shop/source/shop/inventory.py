"""Inventory: stock in SQLite; products can be reserved."""

import logging
import os
import sqlite3
import threading
from asyncio import to_thread
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.health import Check
from shop.database import Pool, PoolExhaustedError, queried
from shop.service import VERSION, run
from shop.telemetry import Telemetry

log = logging.getLogger("shop.inventory")
telemetry = Telemetry("inventory", VERSION)
CONNECTIONS, PATIENCE = 4, 1.5
PRODUCTS = 2000
BUSY = 12  # requests at once
PRICE = "SELECT price FROM stock WHERE id = ?"
TAKE = "UPDATE stock SET left = left - ? WHERE id = ?"
FORECAST = "SELECT count(*) FROM stock a JOIN stock b ON b.price < a.price AND b.id % 7 = a.id % 7"


class SoldOutError(Exception):
    """A product is not sold any more."""


def prepared(path: str) -> Pool:
    """A pool over a database with stock."""
    with sqlite3.connect(path) as new:
        new.execute(
            "CREATE TABLE IF NOT EXISTS stock (id INTEGER PRIMARY KEY, name TEXT, price REAL, left INTEGER)"
        )
        rows = ((n, f"product {n}", 1 + n % 90, 1_000_000) for n in range(PRODUCTS))
        new.executemany("INSERT OR IGNORE INTO stock VALUES (?, ?, ?, ?)", rows)
    return Pool(path, CONNECTIONS, PATIENCE)


pool = prepared(os.environ.get("DATABASE", ":memory:"))
writing = threading.Lock()


def asked(connection: sqlite3.Connection, sql: str, *values: Any) -> list[Any]:
    """The rows of a statement."""
    return queried(telemetry, "stock-db", connection, sql, *values)


def products(request: Request) -> Response:
    """The first page."""
    with pool.connection() as connection:
        rows = asked(connection, "SELECT id, name, price FROM stock ORDER BY id LIMIT 20")
    return JSONResponse([{"id": row[0], "name": row[1], "price": row[2]} for row in rows])


def priced(connection: sqlite3.Connection, item: dict[str, Any]) -> dict[str, Any]:
    """An item of a cart with its price."""
    rows = asked(connection, PRICE, item["product"])
    if not rows:
        raise SoldOutError(f"product {item['product']} is not sold any more")
    return {**item, "price": rows[0][0]}


def reserved(cart: list[dict[str, Any]], *, forecast: bool) -> Response:
    """The cart with prices; 404 when a product is not sold, 503 when the database cannot be used in time."""
    try:
        with pool.connection() as connection:
            if forecast:
                asked(connection, FORECAST)
            found = [priced(connection, item) for item in cart]
            with writing, connection:
                for item in cart:
                    asked(connection, TAKE, item["quantity"], item["product"])
    except SoldOutError as error:
        log.info("Cannot reserve: %s", error)
        return JSONResponse({"error": str(error)}, 404)
    except (PoolExhaustedError, sqlite3.OperationalError) as error:
        log.exception("Cannot reserve %d products", len(cart))
        return JSONResponse({"error": str(error)}, 503)
    return JSONResponse(found)


def works() -> None:
    """Raises when the database does not."""
    with pool.connection() as connection:
        connection.execute("SELECT 1 FROM stock LIMIT 1").fetchone()


async def reserve(request: Request) -> Response:
    """Take products out of stock, in a thread: the database blocks."""
    return await to_thread(reserved, await request.json(), forecast=request.url.path.endswith("forecast"))


if __name__ == "__main__":
    posts = [Route(way, reserve, methods=["POST"]) for way in ("/reserve", "/reserve-with-forecast")]
    run("inventory", telemetry, [Route("/products", products), *posts], [Check("database", works)], most=BUSY)
