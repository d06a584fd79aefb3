"""The people whom a record knows."""

from collections.abc import Iterable

from lastgood.model.entry import Acknowledged, Entry, HandedOver
from lastgood.model.message import Quoted
from lastgood.model.team import Joined, TeamRole


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


def team_of(entries: Iterable[Entry]) -> dict[str, TeamRole]:
    """The role of each person who joined, in the order of joining."""
    team = dict[str, TeamRole]()
    for entry in entries:
        if isinstance(entry.payload, Joined):
            team[entry.actor] = entry.payload.role
    return team
