"""What happens beside a fault and has nothing to do with it: releases, a flag, a job, a wave of traffic."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from examples.shop.live.supervisor import Shop

SAYS_MORE, LOUD = "v1.4.1", "v1.4.2"
WAVE = 1.4


@dataclass(frozen=True, slots=True)
class Decoy:
    """One of them; `service` is deployed by it."""

    about: str
    begin: Callable[[Shop], None]
    service: str = ""


def _says_more(shop: Shop) -> None:
    old, new = '"Cannot reserve %d products", len(cart)', '"Cannot reserve %s", cart'
    shop.history.release(SAYS_MORE, "Log which products cannot be reserved", "inventory.py", (old, new))
    shop.deploy("inventory", SAYS_MORE)


def _is_loud(shop: Shop) -> None:
    old = "    lines = ["
    new = '    log.error("Order %s has no e-mail address, printing instead", order["id"])\n    lines = ['
    shop.history.release(LOUD, "Report orders without an address", "worker.py", (old, new))
    shop.deploy("worker", LOUD)


DECOYS = (
    Decoy("inventory is deployed: a log line says more", _says_more, "inventory"),
    Decoy("worker is deployed: it logs an error for every order, and works as before", _is_loud, "worker"),
    Decoy(
        "the flag gift-wrap is turned on, which nothing reads", lambda shop: shop.flip("gift-wrap", on=True)
    ),
    Decoy(
        "the job ledger-export runs",
        lambda shop: shop.report("cron", "ledger-export: every quarter of an hour", "ledger"),
    ),
    Decoy("40 % more users come", lambda shop: shop.put("traffic", {"factor": WAVE})),
)


def chosen(seed: int, busy: tuple[str, ...], count: int = 2) -> list[Decoy]:
    """Some of them, the same for the same seed, none of which deploys a busy service; a release is among them."""
    drawn = random.Random(seed)
    able = [one for one in DECOYS if one.service not in busy]
    first = drawn.choice([one for one in able if one.service])
    return [first, *drawn.sample([one for one in able if one is not first], count - 1)]
