"""Status pages of third parties, as changes outside: the Statuspage API's incidents and maintenances, and those of Google Cloud."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

from lastgood.decoding.change import Row, at, at_first, change, decoded, glimpses, inside
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_GOOGLE = frozenset({"begin", "external_desc", "affected_products", "updates"})
_LISTS = ("incidents", "scheduled_maintenances")


def recognise(given: Input) -> Claim | None:
    """JSON with incidents that have updates and an impact, as the Statuspage API gives them."""
    for row in glimpses(given):
        if row.keys() >= _GOOGLE:
            return Claim("Google incidents", 0.97, "an incident has a begin and affected products")
        if "incident_updates" in row and "impact" in row:
            return Claim("Statuspage incidents", 0.97, "an incident has updates and an impact")
        paged = inside(row, "page", "id") or inside(row, "page", "name")
        if paged and any(isinstance(row.get(name), list) for name in (*_LISTS, "components")):
            return Claim("Statuspage incidents", 0.97, "it has a page and its incidents")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change of a third party for each incident and each of its updates."""
    del settings
    if claim.format == "Google incidents":
        return decoded(given, (), _of_google)
    page = next((str(name) for row in glimpses(given, 3) if (name := inside(row, "page", "name"))), "")
    provider = page or PurePath(given.name).name.partition(".")[0]
    return decoded(given, _LISTS, partial(_rows, provider))


def _rows(provider: str, row: Mapping[str, Any]) -> Iterator[Row]:
    if "incident_updates" not in row and not row.get("name"):
        return  # a page without incidents
    start = at_first(row, "started_at", "scheduled_for", "created_at")
    ended = row.get("resolved_at") or row.get("scheduled_until")
    title = f"{provider}: {row.get('name') or 'incident'}"
    common: dict[str, Any] = {"service": provider, "url": row.get("shortlink"), "source": "statuspage"}
    parts = (
        inside(part, "name") if isinstance(part, Mapping) else part for part in row.get("components") or ()
    )
    components = [str(name) for name in parts if name]
    attributes = {
        "statuspage.impact": row.get("impact"), "statuspage.components": ", ".join(components),
        "statuspage.page": row.get("page_id"),
    }  # fmt: skip
    identity = f"statuspage/{row.get('id') or start}"
    yield change(
        "third_party", start, id=identity, until=at(ended) if ended else None, title=title, state=row.get("status"),
        attributes=attributes, **common,
    )  # fmt: skip
    for update in row.get("incident_updates") or ():
        time = at_first(update, "display_at", "created_at")
        words = str(update.get("body") or "").strip()
        yield change(
            "third_party", time, id=f"{identity}/{update.get('id') or time}", within=identity,
            title=f"{title}: {words}" if words else title, state=update.get("status"), attributes=attributes, **common,
        )  # fmt: skip


def _of_google(row: Mapping[str, Any]) -> Iterator[Row]:
    """An incident of Google Cloud (status.cloud.google.com/incidents.schema.json), and each of its updates."""
    products = ", ".join(str(one.get("title")) for one in row["affected_products"])
    title, identity = f"Google Cloud: {row['external_desc']}", f"google/{row.get('id') or row['begin']}"
    attributes = {"statuspage.impact": row.get("status_impact"), "statuspage.components": products}
    common: dict[str, Any] = {"service": "Google Cloud", "source": "statuspage", "attributes": attributes}
    ended = row.get("end")
    url = f"https://status.cloud.google.com/{row['uri']}" if row.get("uri") else ""
    yield change(
        "third_party", at(row["begin"]), id=identity, until=at(ended) if ended else None, title=title, url=url,
        state="resolved" if ended else "", **common,
    )  # fmt: skip
    for update in row["updates"]:
        time = at_first(update, "when", "created")
        words = " ".join(str(update.get("text") or "").split())
        yield change(
            "third_party", time, id=f"{identity}/{time}", within=identity, title=f"{title}: {words}", state=update.get("status"),
            **common,
        )  # fmt: skip


SOURCE = Source("statuspage", frozenset({Signal.CHANGES}), recognise, decode)
