"""Room page: an incident as `lastgood incident show` prints it, for commands and for the server."""

from typing import Any

from lastgood.config import Config
from lastgood.surfaces.card import Card
from lastgood.surfaces.incident_page import room_card, room_document
from lastgood.surfaces.similar import similar_document, with_seen_before
from lastgood.surfaces.steps import Ready, ready_for
from lastgood.workbench.board import search_of
from lastgood.workbench.options import lacking
from lastgood.workbench.recipients import recipients
from lastgood.workbench.room import Room, owed
from lastgood.workbench.similar import seen_before


def room_page(room: Room, config: Config) -> Card:
    """The card of a room."""
    incident, search = room.incident, search_of(room, config)
    due, ready = owed(incident, config), ready_in(room, config)
    stated = recipients(incident, room.entries, config)
    card = room_card(
        incident, room.entries, room.now, config.team_zone, due, search, ready=ready, recipients=stated
    )
    return with_seen_before(card, seen_before(room))


def room_page_document(room: Room, config: Config) -> dict[str, Any]:
    """The same as JSON."""
    stated = recipients(room.incident, room.entries, config)
    document = room_document(room.incident, room.entries, owed(room.incident, config), stated)
    return {**document, "similar": similar_document(seen_before(room))}


def ready_in(room: Room, config: Config) -> Ready:
    """Which options of the last sitrep the team has commands for."""
    said = room.incident.triaged
    if said is None or not said.mitigations or not config.settings.action:
        return Ready(ongoing=(room.number,))
    reported = {
        (one.kind, one.target): why
        for one in said.mitigations
        if (why := lacking(config, one.kind, one.target, said.services, one.one_back)) is not None
    }
    return ready_for(reported, [room.incident])
