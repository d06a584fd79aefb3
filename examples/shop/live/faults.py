"""Ways to break the shop, each by doing the real thing, and to mend it by what a person on call would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from examples.shop.live.supervisor import Shop

INNOCENT, BAD = "v1.4.1", "v1.5.0"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way: `harm` breaks it, `mend` ends that; the rest is what a right answer says."""

    about: str
    harm: Callable[[Shop, datetime], None]
    mend: Callable[[Shop], None]
    culprit: str
    change: str
    segment: dict[str, str] = field(default_factory=dict)
    mitigation: str = ""


def innocent_deploy(shop: Shop) -> None:
    """A confounder: a release of inventory that only says more in a log line."""
    old, new = (
        'log.exception("Cannot reserve %d products", len(cart))',
        'log.exception("Cannot reserve %s", cart)',
    )
    shop.history.release(INNOCENT, "Log which products cannot be reserved", "inventory.py", old, new)
    shop.deploy("inventory", INNOCENT)


def _refuse(shop: Shop, now: datetime) -> None:
    said = {
        "id": "u1",
        "body": "Some issuers now need 3-D Secure.",
        "status": "monitoring",
        "created_at": now.isoformat(),
    }
    notice = {
        "id": "i1", "name": "3-D Secure for some issuers", "impact": "minor", "status": "monitoring",
        "created_at": now.isoformat(), "started_at": now.isoformat(), "incident_updates": [said],
    }  # fmt: skip
    shop.conduct(refuse=["anz"], incidents=[notice])


def _bad_deploy(shop: Shop, now: datetime) -> None:
    del now
    shop.history.release(
        BAD, "Look up the discount of a plan", "checkout.py", "DISCOUNTS.get(plan, 0.0)", "DISCOUNTS[plan]"
    )
    shop.deploy("checkout", BAD)


FAULTS = {
    "provider-402": Fault(
        "the payment provider answers 402 with a new code for one issuer",
        _refuse, lambda shop: shop.conduct(), "cardgate.example", "third_party", {"card.issuer": "anz"},
        "fail over to another provider",
    ),
    "bad-deploy": Fault(
        "a release of checkout cannot price the carts of one plan",
        _bad_deploy, lambda shop: shop.deploy("checkout", "v1.4.0"), "checkout", f"checkout v1.4.0 → {BAD}",
        {"user.plan": "school"}, "roll back checkout to v1.4.0",
    ),
    "slow-flag": Fault(
        "a flag puts a slow query on the path of checkout, and the pool of connections runs out",
        lambda shop, _: shop.flip("stock-forecast"), lambda shop: shop.flip(), "inventory", "stock-forecast: off → on",
        {}, "turn off stock-forecast",
    ),
}  # fmt: skip
