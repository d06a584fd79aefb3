"""The board of an incident as its record has it: nothing is measured, so it is there at once."""

from lastgood.config import Config
from lastgood.incidents.board import board_of
from lastgood.model.hypothesis import Board, Search, Standing
from lastgood.model.incident import Status
from lastgood.workbench.room import Room


def board(room: Room) -> Board:
    """How every hypothesis stands."""
    return board_of(room.entries)


def search_of(room: Room, config: Config) -> Search:
    """The board, and how long it goes on without a supported hypothesis where that is longer than the time box."""
    found, incident = board(room), room.incident
    going = room.now - incident.opened_at
    over = incident.status is Status.OPEN and going >= config.timebox
    late = over and not found.standing(Standing.SUPPORTED)
    return Search(found, going if late else None, config.settings.incident.escalate_to)
