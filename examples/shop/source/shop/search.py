"""Search: products by category, from a cache before a database."""

import os
import sqlite3
import time
from asyncio import to_thread
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lastgood_kit.health import Check
from shop.database import Pool, queried
from shop.places import setting
from shop.service import VERSION, run
from shop.telemetry import Telemetry

telemetry = Telemetry("search", VERSION)
PRODUCTS, CATEGORIES = 120_000, 400
BUSY = 12  # requests at once
SIMILAR = "SELECT max(price), count(*) FROM catalogue WHERE category = ?"
SHELF = (
    "SELECT category, count(*), avg(price), max(length(name)), sum(price * 7 % 11) FROM catalogue"
    " WHERE name LIKE '%' || ? || '%' GROUP BY category ORDER BY 2 DESC LIMIT 6"
)


def prepared(path: str) -> Pool:
    """A pool over a catalogue."""
    with sqlite3.connect(path) as new:
        new.execute("CREATE TABLE IF NOT EXISTS catalogue (id INTEGER PRIMARY KEY, name, category, price)")
        if not new.execute("SELECT 1 FROM catalogue").fetchone():
            rows = ((n, f"thing {n:06}", n % CATEGORIES, n % 97) for n in range(PRODUCTS))
            new.executemany("INSERT INTO catalogue VALUES (?, ?, ?, ?)", rows)
            new.execute("CREATE INDEX catalogue_by_category ON catalogue (category)")
    return Pool(path, 3, 3.0)


pool = prepared(os.environ.get("CATALOGUE", ":memory:"))
cache: dict[str, tuple[float, Any]] = {}


def shelf(word: str) -> Any:
    """Categories of products with a word in their name, from the cache while that is fresh."""
    kept, answer = cache.get(word, (0.0, None))
    if time.monotonic() - kept < setting("search_ttl"):
        return answer
    with pool.connection() as connection:
        found = queried(telemetry, "catalogue-db", connection, SHELF, word)
    answer = [{"category": row[0], "products": row[1]} for row in found]
    cache[word] = (time.monotonic(), answer)
    return answer


def similar(categories: list[int]) -> list[dict[str, Any]]:
    """How much the products of each category cost at most."""
    with pool.connection() as connection:
        return [
            {
                "category": category,
                "highest": queried(telemetry, "catalogue-db", connection, SIMILAR, category)[0][0],
            }
            for category in categories
        ]


def found(word: str, category: int) -> dict[str, Any]:
    """What a search shows."""
    near = [(category + step) % CATEGORIES for step in range(8)]
    return {"shelf": shelf(word), "similar": similar(near)}


async def search(request: Request) -> Response:
    """Products for a word, in a thread: the database blocks."""
    asked = request.query_params
    return JSONResponse(await to_thread(found, asked["q"], int(asked.get("category", "0"))))


def works() -> None:
    """Raises when the database does not."""
    with pool.connection() as connection:
        connection.execute("SELECT 1 FROM catalogue LIMIT 1").fetchone()


if __name__ == "__main__":
    run("search", telemetry, [Route("/search", search)], [Check("database", works)], most=BUSY)
