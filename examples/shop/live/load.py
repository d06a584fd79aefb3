"""Users: a crowd of regions, plans, issuers and app versions that browses and buys, and keeps its own books.

A line of the books for each request, written when its answer came: the truth for every count on a card.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import httpx

from examples.shop.live import SCRAPER, WORDS
from shop.places import address

REGIONS = {"eu": 5, "us": 3, "apac": 2}
PLANS = {"free": 5, "plus": 3, "school": 2}
ISSUERS = {"visa-bank": 5, "master-bank": 4, "anz": 2}
VERSIONS = {"7.1.0": 2, "7.2.0": 5, "web": 3}
PEOPLE, PRODUCTS = 300, 2000
OPENING = 6.0  # seconds until all come
BUYS, SEARCHES = 0.6, 0.2
UNKNOWN = 0.03  # of carts have a product that is not sold any more


@dataclass(frozen=True, slots=True)
class User:
    """One of the crowd."""

    name: str
    region: str
    plan: str
    issuer: str
    app: str

    @property
    def headers(self) -> dict[str, str]:
        """What the user's session says to the edge."""
        return {
            "x-user-id": self.name, "x-user-region": self.region, "x-user-plan": self.plan,
            "x-app-version": self.app, "x-card-issuer": self.issuer,
        }  # fmt: skip


def crowd(drawn: random.Random) -> list[User]:
    """The same people for the same seed."""

    def one(of: dict[str, int]) -> str:
        return drawn.choices(list(of), list(of.values()))[0]

    return [User(f"u{n}", one(REGIONS), one(PLANS), one(ISSUERS), one(VERSIONS)) for n in range(PEOPLE)]


def basket(drawn: random.Random) -> list[dict[str, int]]:
    """One to three products."""
    cart = [
        {"product": drawn.randrange(PRODUCTS), "quantity": drawn.randint(1, 3)}
        for _ in range(drawn.randint(1, 3))
    ]
    if drawn.random() < UNKNOWN:
        cart.append({"product": PRODUCTS + 1, "quantity": 1})
    return cart


Visit = tuple[User, str, dict[str, Any] | None]


def visits(drawn: random.Random, users: list[User]) -> Iterator[Visit]:
    """Who asks for what, without end."""
    order = 0
    while True:
        user, what = drawn.choice(users), drawn.random()
        if what < SEARCHES:
            yield user, f"/search?q={drawn.choice(WORDS)}&category={drawn.randrange(400)}", None
        elif what < 1 - BUYS:
            yield user, "/products", None
        else:
            order += 1
            kept = {"id": f"o{order}", "cart": basket(drawn), "plan": user.plan, "issuer": user.issuer}
            yield user, "/checkout", kept


def scraped(drawn: random.Random) -> Visit:
    """A search by a program: no two are alike."""
    bot = User("bot", "us", "free", "none", SCRAPER)
    return bot, f"/search?q={drawn.randrange(10**6)}&category={drawn.randrange(400)}", None


def traffic() -> dict[str, Any]:
    """What is unusual about traffic just now: `factor` of the rate, `scraper` searches a second, `gift` orders."""
    path = Path(os.environ["TRAFFIC"])
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


async def visit(
    client: httpx.AsyncClient, books: TextIO, user: User, path: str, body: dict[str, Any] | None
) -> None:
    """One request, and its line in the books; 0 is no answer."""
    asked, started, status = time.time(), time.perf_counter(), 0  # noqa: TID251 - a load generator is a clock's user
    try:
        answer = await client.request("POST" if body else "GET", path, json=body, headers=user.headers)
        status = answer.status_code
    except httpx.TransportError:
        pass
    line = {
        "at": asked,
        "path": path,
        "status": status,
        "seconds": time.perf_counter() - started,
        **asdict(user),
    }
    books.write(json.dumps(line) + "\n")


async def main(edge: str, rate: float, seed: int, books: TextIO) -> None:
    """Visits at random moments, `rate` a second, whatever the shop answers, until asked to stop."""
    drawn, stop = random.Random(seed), asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    limits = httpx.Limits(max_connections=200)
    async with (
        httpx.AsyncClient(base_url=edge, timeout=15, limits=limits) as client,
        asyncio.TaskGroup() as group,
    ):
        usual, opened = visits(drawn, crowd(drawn)), time.monotonic()
        while not stop.is_set():
            now = traffic()
            scraper = float(now.get("scraper", 0))
            coming = min(1.0, 0.2 + (time.monotonic() - opened) / OPENING)
            whole = rate * coming * float(now.get("factor", 1)) + scraper
            user, path, body = scraped(drawn) if drawn.random() < scraper / whole else next(usual)
            if body and now.get("gift") and user.app == "7.2.0":
                body["gift"] = {"message": "Happy birthday"}
            group.create_task(visit(client, books, user, path, body))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), drawn.expovariate(whole))


if __name__ == "__main__":
    with Path(os.environ["BOOKS"]).open("w", buffering=1) as out:
        asyncio.run(main(address("edge"), float(sys.argv[1]), int(sys.argv[2]), out))
