"""Change events of PagerDuty, as its API lists them (REST API v2, change events): a change of each service that one names.

What kind of change it is, its summary says. The version is in the details that its sender gave, or in its summary.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import UNKNOWN, Row, at, change, decoded, folded, glimpses, inside
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.entries import kind_of_title, version_in
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects say that they are change events."""
    for row in glimpses(given, 3):
        if row.get("type") == "change_event" and "timestamp" in row:
            return Claim("PagerDuty change events", 0.97, "its type is change_event")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each, and for each of its services."""
    del claim, settings
    return decoded(given, ("change_events",), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    title, details = str(row.get("summary") or "a change"), row.get("custom_details")
    said = folded(details) if isinstance(details, Mapping) else {}
    version = str(said.get("version") or said.get("tag") or version_in(title))
    link = next((inside(one, "href") for one in row.get("links") or ()), "")
    services = [str(inside(one, "summary") or "") for one in row.get("services") or ()] or [""]
    for place, service in enumerate(services):
        yield change(
            kind_of_title(title) or ("deploy" if version else UNKNOWN), at(row["timestamp"]), id=f"pagerduty/{row.get('id')}{f'/{place}' if place else ''}", title=title,
            service=service, version=version, actor=said.get("actor") or said.get("user"),
            url=link, source="pagerduty",
            attributes={"pagerduty.source": row.get("source"), "pagerduty.integration": inside(row, "integration", "summary")},
        )  # fmt: skip


SOURCE = Source("pagerduty_changes", frozenset({Signal.CHANGES}), recognise, decode)
