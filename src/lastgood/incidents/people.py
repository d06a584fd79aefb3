"""The people whom a record knows."""

from collections.abc import Iterable

from lastgood.model.entry import Acknowledged, Entry, HandedOver
from lastgood.model.message import Quoted


def people_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Names of those who wrote an entry or took the incident on, or over, in order of their first entry."""
    found = dict[str, None]()
    for entry in entries:
        found[entry.actor] = None
        if isinstance(entry.payload, Acknowledged):
            found[entry.payload.by] = None
        if isinstance(entry.payload, HandedOver):
            found[entry.payload.to] = None
        if isinstance(entry.payload, Quoted):
            found[entry.payload.author] = None
    return tuple(found)
