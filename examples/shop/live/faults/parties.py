"""Faults of third parties and of what comes from outside: providers, their certificates, users."""

from datetime import datetime, timedelta
from typing import Any

from examples.shop.live.faults import Fault
from examples.shop.live.supervisor import PROVIDERS, Shop

CARDGATE = PROVIDERS[0]


def notice(name: str, body: str, now: datetime, impact: str = "minor") -> dict[str, Any]:
    """An incident on a status page."""
    reported = {"id": "u1", "body": body, "status": "investigating", "created_at": now.isoformat()}
    return {
        "id": "i1", "name": name, "impact": impact, "status": "investigating",
        "created_at": now.isoformat(), "started_at": now.isoformat(), "incident_updates": [reported],
    }  # fmt: skip


def _refuse(shop: Shop, now: datetime) -> None:
    said = notice("3-D Secure for some issuers", "Some issuers now need 3-D Secure.", now)
    shop.conduct(refuse=["anz"], incidents=[said])


def _slow(shop: Shop, now: datetime) -> None:
    shop.conduct(
        slow=4, incidents=[notice("Charges are slow", "We are investigating slow charges.", now, "major")]
    )


def _quota(shop: Shop, now: datetime) -> None:
    shop.conduct(quota=2)


def _expire(shop: Shop, now: datetime) -> None:
    shop.authority.certify(CARDGATE, now - timedelta(seconds=2))
    shop.restart(CARDGATE)


def _scrape(shop: Shop, now: datetime) -> None:
    shop.put("traffic", {"scraper": 6})


def _gift(shop: Shop, now: datetime) -> None:
    shop.put("traffic", {"gift": True})


FAULTS = {
    "provider-402": Fault(
        "the payment provider answers 402 with a new code for one issuer",
        _refuse, (("failover", CARDGATE),), (CARDGATE,), "3-D Secure for some issuers",
        ("dependency_contract_change",), {"card.issuer": "anz"},
    ),
    "provider-slow": Fault(
        "the payment provider takes four seconds for a charge, and payments gives up after three",
        _slow, (("failover", CARDGATE),), (CARDGATE,), "Charges are slow", ("dependency_slow", "dependency_down"),
    ),
    "provider-quota": Fault(
        "the payment provider allows two charges a second, and its documents do not state it",
        _quota, (("failover", CARDGATE),), (CARDGATE,), "", ("rate_limit",),
    ),
    "certificate": Fault(
        "the certificate of the payment provider has expired",
        _expire, (("rotate_certificate", CARDGATE), ("failover", CARDGATE)), (CARDGATE,), "", ("certificate",),
    ),
    "scraper": Fault(
        "a scraper searches past the cache, and the connection pool runs out",
        _scrape, (("rate_limit", "edge"), ("shed_load", "edge")), ("search", "catalogue-db"), "",
        ("overload", "pool_starvation", "slow_database"), slow=True,
    ),
    "poison-message": Fault(
        "an app sends orders that the worker cannot print; each blocks the queue",
        _gift, (("purge_bad_data", "worker"),), ("worker",), "", ("bad_data",), {"app.version": "7.2.0"},
    ),
}  # fmt: skip
