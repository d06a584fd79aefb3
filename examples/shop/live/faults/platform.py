"""Faults of flags, settings, databases, jobs and names."""

import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from examples.shop.live.faults import Fault
from examples.shop.live.remedies import JOB
from examples.shop.live.supervisor import PROVIDERS, SETTINGS, Shop


def _typo(shop: Shop, now: datetime) -> None:
    providers = {**SETTINGS["provider"], "apac": "cardgate.exmaple"}
    shop.configure("payments", "payments: a provider for each region", provider=providers)


def _uncached(shop: Shop, now: datetime) -> None:
    shop.configure("search", "search: search_ttl 600 → 0", search_ttl=0)


def _drop_index(shop: Shop, now: datetime) -> None:
    with closing(sqlite3.connect(shop.folder / "catalogue.db", timeout=5)) as database:
        database.execute("DROP INDEX catalogue_by_category")
    shop.report("migration", "catalogue-db: drop the index catalogue_by_category", "search")


def _hide(shop: Shop, now: datetime) -> None:
    shop.put("hidden", [PROVIDERS[0]])
    shop.announce()


def _count_stock(shop: Shop, now: datetime) -> None:
    shop.report("cron", f"{JOB}: count the whole stock", JOB)
    shop.start(JOB, "examples.shop.live.faults.platform", str(shop.folder / "stock.db"))


def count_stock(path: str) -> None:
    """A job that counts the stock, and lets no one else write meanwhile."""
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as stock:
        while True:
            stock.execute("BEGIN IMMEDIATE")
            time.sleep(8)  # a long count
            stock.execute("ROLLBACK")
            time.sleep(0.2)


FAULTS = {
    "slow-flag": Fault(
        "a flag adds a slow query to checkout, and the connection pool runs out",
        lambda shop, _: shop.flip("stock-forecast", on=True), (("flag_off", "stock-forecast"),), ("inventory", "stock-db"),
        "stock-forecast: off → on", ("config_error", "pool_starvation", "slow_database"),
    ),
    "config-typo": Fault(
        "the name of the payment provider is misspelt for one region",
        _typo, (("config_revert", "payments"),), ("payments", "cardgate.exmaple"), "payments: a provider for each region",
        ("config_error", "dns"), {"user.region": "apac"},
    ),
    "cache-ttl": Fault(
        "the cache of search stores nothing, and every search queries the database",
        _uncached, (("config_revert", "search"),), ("search", "catalogue-db"), "search: search_ttl 600 → 0",
        ("config_error", "slow_database", "overload", "pool_starvation"), slow=True,
    ),
    "dropped-index": Fault(
        "a migration drops an index that search needs",
        _drop_index, (("revert_migration", "search"),), ("search", "catalogue-db"),
        "catalogue-db: drop the index catalogue_by_category", ("slow_database",), slow=True,
    ),
    "dns": Fault(
        "the name of the payment provider does not resolve any more",
        _hide, (("revert_dns", PROVIDERS[0]), ("failover", PROVIDERS[0])), (PROVIDERS[0], "payments"), "", ("dns",),
    ),
    "clock-skew": Fault(
        "payments is moved to a host whose clock is 45 seconds ahead, and the provider refuses its requests",
        lambda shop, _: shop.set_clock("payments", 45), (("restart", "payments"),), ("payments", PROVIDERS[0]), "",
        ("dependency_contract_change", "config_error"),
    ),
    "lock": Fault(
        "a job counts the stock in one long transaction, and all other writes wait",
        _count_stock, (("stop_job", JOB), ("end_blockers", "inventory")), ("inventory", "stock-db"), "stock-count: count the whole stock",
        ("lock_contention", "scheduled_job"),
    ),
}  # fmt: skip

if __name__ == "__main__":
    count_stock(str(Path(sys.argv[1])))
