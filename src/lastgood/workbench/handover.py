"""Handover: the lead of an incident goes to another person, with a briefing that is on the record as it was read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lastgood.config import Config
from lastgood.errors import UsageError
from lastgood.model.entry import Entry, HandedOver
from lastgood.model.hypothesis import Search
from lastgood.model.incident import Incident
from lastgood.model.message import Due, Recipient
from lastgood.workbench.board import search_of
from lastgood.workbench.recipients import recipients
from lastgood.workbench.room import Room, owed

LONGEST_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class Known:
    """What a briefing is made of."""

    incident: Incident
    search: Search
    owed: tuple[Due, ...]
    now: datetime
    recipients: tuple[Recipient, ...] = ()


Briefed = Callable[[Known], str]  # the briefing in words


def known(room: Room, config: Config) -> Known:
    """What whoever takes over must know."""
    incident = room.incident
    reported = recipients(incident, room.entries, config)
    return Known(incident, search_of(room, config), owed(incident, config), room.now, reported)


def hand_over(room: Room, config: Config, to: str, because: str, briefed: Briefed) -> Entry:
    """The entry; the clock of updates goes on, and its owner is the new lead.

    Raises:
        UsageError: no one is named, it is the lead already, or the incident is over.
    """
    name = " ".join(to.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError("A handover needs the name of the new lead.", hint="lastgood incident handover NAME")
    if name == room.incident.lead:
        raise UsageError(f"{name} leads incident {room.number} already.")
    if room.incident.status.over:
        raise UsageError(
            f"Incident {room.number} is {room.incident.status.value}: nothing is to be handed over."
        )
    return room.append(HandedOver(name, briefed(known(room, config)), because))
