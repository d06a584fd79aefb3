"""Faults that are deployed: an edit of one file of a service, committed, tagged and rolled out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from examples.shop.live.faults import Fault
from examples.shop.live.history import FIRST
from examples.shop.live.supervisor import Shop

BAD = "v1.5.0"
ONE_BY_ONE = '''def cheaper(connection: sqlite3.Connection, category: int) -> int:
    """How many pairs of products there are of which one is cheaper."""
    prices = asked(connection, "SELECT price FROM catalogue WHERE category = ?", category)
    one = "SELECT count(*) FROM catalogue WHERE category = ? AND price < ?"
    return sum(asked(connection, one, category, price)[0][0] for (price,) in prices)


def similar('''


@dataclass(frozen=True, slots=True)
class Release:
    """A release with a fault in it."""

    about: str
    service: str
    subject: str
    edits: tuple[tuple[str, str], ...]
    classes: tuple[str, ...] = ("bad_deploy",)
    culprits: tuple[str, ...] = ()  # beside the service
    segment: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    file: str = ""
    canary: bool = False

    @property
    def fault(self) -> Fault:
        """The fault of deploying it."""
        return Fault(
            self.about, self.deployed, (("rollback", self.service),), (self.service, *self.culprits),
            f"{self.service} {FIRST} → {BAD}", ("bad_deploy", *self.classes), self.segment, self.slow,
        )  # fmt: skip

    def deployed(self, shop: Shop, _: datetime) -> None:
        """Commit it, and roll it out: to all, or beside what serves."""
        shop.history.release(BAD, self.subject, self.file or f"{self.service}.py", *self.edits)
        if self.canary:
            shop.canary(self.service, BAD)
        else:
            shop.deploy(self.service, BAD)


RELEASES = {
    "bad-deploy": Release(
        "a release of checkout cannot price the carts of one plan", "checkout", "Look up the discount of a plan",
        (("DISCOUNTS.get(plan, 0.0)", "DISCOUNTS[plan]"),), segment={"user.plan": "school"},
    ),
    "canary": Release(
        "a release with a bug runs beside the previous one, and reports no version",
        "payments", "Read the code of every answer",
        (("        if answer.status_code == 200:\n", '        code = answer.json()["decline_code"]\n        if answer.status_code == 200:\n'),),
        canary=True,
    ),
    "pool-leak": Release(
        "a release returns a connection to the pool only on success", "inventory", "Keep broken connections out of the pool",
        (("        finally:\n            self._free.put(lent)", "        except sqlite3.OperationalError:\n            lent.close()\n            raise\n        else:\n            self._free.put(lent)"),),
        ("pool_starvation",), file="database.py",
    ),
    "race": Release(
        "a release checks the stock without the lock: one of two orders at once fails", "inventory",
        "Ask the warehouse before products are taken",
        (("            with writing, connection:\n", '            with connection:\n                asked(connection, "BEGIN")\n                asked(connection, PRICE, cart[0]["product"])\n                time.sleep(0.04)  # ask the warehouse\n'),
         ("import threading\n", "import threading\nimport time\n")),
        ("lock_contention",), ("stock-db",),
    ),
    "n-plus-one": Release(
        "a release asks the database once for each product instead of once for a category", "search",
        "Count cheaper products one by one",
        (("asked(connection, CHEAPER, category)[0][0]", "cheaper(connection, category)"), ("def similar(", ONE_BY_ONE)),
        ("slow_database",), ("catalogue-db",), slow=True,
    ),
    "cpu-hog": Release(
        "a release signs every order with a very slow hash, in the event loop", "checkout", "Sign orders",
        (("import json\n", "import hashlib\nimport json\n"),
         ("    order = await request.json()\n", '    order = await request.json()\n    hashlib.pbkdf2_hmac("sha256", order["id"].encode(), b"shop", 600_000)\n')),
        ("resource_cpu", "overload"), slow=True,
    ),
    "memory-leak": Release(
        "a release keeps every answer in memory, until the platform kills it", "search", "Keep answers for debugging",
        (("cache: dict", "kept: list[bytearray] = []\ncache: dict"),
         ("    near = [", '    kept.append(bytearray(b"x" * 12_000_000))\n    near = [')),
        ("resource_memory", "crash_loop"),
    ),
    "debug-logs": Release(
        "a release writes the whole environment with every order, and fills the volume", "checkout", "Write a debug log",
        (("    order = await request.json()\n", '    order = await request.json()\n    disk.append("debug.log", json.dumps({"order": order, "environment": dict(os.environ)}) * 8)\n'),),
        ("disk_full", "resource_disk"),
    ),
    "retry-storm": Release(
        "a release times out early and retries at once, until the provider refuses charges", "payments",
        "Give up after 30 ms and try again",
        (('    return await telemetry.call(client, provider, "/v1/charges", order)\n',
          '    for _ in range(8):\n        try:\n            async with asyncio.timeout(0.03):\n                return await telemetry.call(client, provider, "/v1/charges", order)\n        except TimeoutError:\n            log.warning("Trying again to charge order %s", order["order"])\n    return await telemetry.call(client, provider, "/v1/charges", order)\n'),
         ("import logging\n", "import asyncio\nimport logging\n")),
        ("retry_storm", "rate_limit"),
    ),
    "queue-backlog": Release(
        "a release of the worker prints so slowly that orders wait", "worker", "Print receipts in colour",
        (("time.sleep(0.02)", "time.sleep(0.5)"),), ("overload",), slow=True,
    ),
}  # fmt: skip
FAULTS = {name: release.fault for name, release in RELEASES.items()}
