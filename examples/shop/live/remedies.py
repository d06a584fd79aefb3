"""What a person on call can do to the shop; each is the real thing, and ends what it is meant to end."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

from examples.shop.live import SCRAPER
from examples.shop.live.supervisor import PROVIDERS, REGIONS, Shop


def _fail_over(shop: Shop, target: str) -> None:
    other = next(name for name in PROVIDERS if name != target)
    shop.configure(
        "payments", f"payments: provider {target} → {other}", provider=dict.fromkeys(REGIONS, other)
    )


def _fall_back_to_index(shop: Shop, target: str) -> None:
    with closing(sqlite3.connect(shop.folder / "catalogue.db", timeout=20)) as database:
        database.execute("CREATE INDEX IF NOT EXISTS catalogue_by_category ON catalogue (category)")
    shop.report("migration", "catalogue-db: create the index catalogue_by_category", "search")


def _end_blockers(shop: Shop, target: str) -> None:
    if not shop.of(JOB):
        raise ValueError(f"nobody holds a lock in the database of {target}")
    shop.end(JOB)


def _renew(shop: Shop, target: str) -> None:
    shop.authority.certify(PROVIDERS[0], shop.clock() + timedelta(days=30))
    shop.restart(PROVIDERS[0])


def _free(shop: Shop, target: str) -> None:
    (shop.folder / "disk" / "debug.log").unlink(missing_ok=True)


def _set_aside(shop: Shop, target: str) -> None:
    with closing(sqlite3.connect(shop.folder / "orders.db", timeout=5)) as queue, queue:
        queue.execute("DELETE FROM orders WHERE body LIKE '%\"gift\"%'")


def _resolve(shop: Shop, target: str) -> None:
    shop.put("hidden", {})
    shop.announce()


def _keep_out(shop: Shop, target: str) -> None:
    if target not in {"edge", "search", "catalogue-db", SCRAPER}:
        raise ValueError(f"there is nothing to keep out of {target}")
    shop.configure("edge", f"edge: keep out {SCRAPER}", kept_out=[SCRAPER])


JOB = "stock-count"
REMEDIES: dict[str, Callable[[Shop, str], None]] = {
    "rollback": Shop.roll_back,
    "flag_off": Shop.flip,
    "restart": Shop.restart,
    "failover": _fail_over,
    "config_revert": Shop.revert,
    "stop_job": Shop.end,
    "end_blockers": _end_blockers,
    "revert_migration": _fall_back_to_index,
    "rotate_certificate": _renew,
    "free_disk": _free,
    "purge_bad_data": _set_aside,
    "revert_dns": _resolve,
    "rate_limit": _keep_out,
    "shed_load": _keep_out,
}
