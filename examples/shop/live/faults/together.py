"""Two faults at once: the second begins while the first goes on."""

from datetime import datetime
from time import sleep

from examples.shop.live.faults import Fault, parties, platform
from examples.shop.live.supervisor import Shop

APART = 15.0


def _both(shop: Shop, now: datetime) -> None:
    parties.FAULTS["provider-402"].harm(shop, now)
    sleep(APART)
    platform.FAULTS["dropped-index"].harm(shop, shop.clock())


FAULTS = {
    "two-at-once": Fault(
        "the provider refuses one issuer, and soon after a migration drops an index of search",
        _both, parties.FAULTS["provider-402"].remedies, parties.FAULTS["provider-402"].culprits,
        parties.FAULTS["provider-402"].change, parties.FAULTS["provider-402"].classes, {"card.issuer": "anz"},
    ),
}  # fmt: skip
