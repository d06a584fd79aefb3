"""Search: products by category, from a cache before a database."""

import logging
import os
import sqlite3
import time
from asyncio import to_thread
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.health import Check
from shop.database import Pool, PoolExhaustedError, queried
from shop.places import setting
from shop.service import VERSION, run
from shop.telemetry import Telemetry

telemetry = Telemetry("search", VERSION)
log = logging.getLogger("shop.search")
PRODUCTS, CATEGORIES, STORES = 120_000, 800, 16
CONNECTIONS, PATIENCE = 2, 2.0
BUSY = 12  # requests at once
CHEAPER = (
    "SELECT count(*) FROM catalogue a JOIN catalogue b ON b.category = a.category AND b.price < a.price"
    " WHERE a.category = ?"
)
SHELF = (
    "SELECT category, count(*), avg(price * factor) FROM catalogue CROSS JOIN store"
    " WHERE name || suffix LIKE '%' || ? || '%' GROUP BY category ORDER BY 2 DESC LIMIT 6"
)


def prepared(path: str) -> Pool:
    """A pool over a catalogue."""
    with sqlite3.connect(path) as new:
        new.execute("CREATE TABLE IF NOT EXISTS catalogue (id INTEGER PRIMARY KEY, name, category, price)")
        new.execute("CREATE TABLE IF NOT EXISTS store (id INTEGER PRIMARY KEY, suffix, factor)")
        if not new.execute("SELECT 1 FROM store").fetchone():
            rows = ((n, f"thing {n:06}", n % CATEGORIES, n % 97) for n in range(PRODUCTS))
            new.executemany("INSERT INTO catalogue VALUES (?, ?, ?, ?)", rows)
            new.execute("CREATE INDEX catalogue_by_category ON catalogue (category)")
            new.executemany("INSERT INTO store VALUES (?, '', ?)", ((n, 1 + n / 100) for n in range(STORES)))
    return Pool(path, CONNECTIONS, PATIENCE)


pool = prepared(os.environ.get("CATALOGUE", ":memory:"))
cache: dict[str, tuple[float, Any]] = {}


def shelf(word: str) -> Any:
    """Categories of products with a word in their name, from the cache while that is fresh."""
    kept, answer = cache.get(word, (0.0, None))
    if time.monotonic() - kept < setting("search_ttl"):
        return answer
    with pool.connection() as connection:
        found = asked(connection, SHELF, word)
    answer = [{"category": row[0], "products": row[1]} for row in found]
    cache[word] = (time.monotonic(), answer)
    return answer


def asked(connection: sqlite3.Connection, sql: str, *values: Any) -> list[Any]:
    """The rows of a statement."""
    return queried(telemetry, "catalogue-db", connection, sql, *values)


def similar(categories: list[int]) -> list[dict[str, Any]]:
    """How many pairs of products there are of which one is cheaper, in each category."""
    with pool.connection() as connection:
        return [
            {"category": category, "cheaper": asked(connection, CHEAPER, category)[0][0]}
            for category in categories
        ]


def found(word: str, category: int) -> Response:
    """What a search shows; 503 when the database cannot be used in time."""
    near = [(category + step) % CATEGORIES for step in range(3)]
    try:
        return JSONResponse({"shelf": shelf(word), "similar": similar(near)})
    except PoolExhaustedError as error:
        log.exception("Cannot search for %s", word)
        return JSONResponse({"error": str(error)}, 503)


async def search(request: Request) -> Response:
    """Products for a word, in a thread: the database blocks."""
    wanted = request.query_params
    return await to_thread(found, wanted["q"], int(wanted.get("category", "0")))


def works() -> None:
    """Raises when the database does not."""
    with pool.connection() as connection:
        connection.execute("SELECT 1 FROM catalogue LIMIT 1").fetchone()


if __name__ == "__main__":
    for popular in setting(
        "popular"
    ):  # before users come: a cold cache would send all of them to the database
        shelf(popular)
    run("search", telemetry, [Route("/search", search)], [Check("database", works)], most=BUSY)
