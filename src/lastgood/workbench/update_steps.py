"""Update steps: an update as it is composed on an incident's page: the draft's frame, its checks, and its sending."""

from dataclasses import dataclass

from lastgood.model.entry import Entry
from lastgood.model.hypothesis import Board
from lastgood.model.message import Audience, Delivered, Flaw, Message, Updated, UpdateStatus
from lastgood.workbench.board import board
from lastgood.workbench.entered import entered
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service
from lastgood.workbench.update import Writer, due_by, flaws, send, usual_status


@dataclass(frozen=True, slots=True)
class Checked:
    """A message with its text, and what is wrong with it."""

    message: Message
    text: str
    flaws: tuple[Flaw, ...]


def frame(room: Room, service: Service, audience: Audience, status: UpdateStatus | None = None) -> Message:
    """A message without words: status and next time as they are usual, the owner is who leads; the time is a whole minute."""
    return Message(
        status or usual_status(room),
        audience,
        next_at=due_by(room, service.config),
        owner=room.incident.lead or "",
    )


def room_and_board(service: Service, number: int, actor: str) -> tuple[Room, Board]:
    """What a draft is made from.

    Raises:
        NoIncidentError: there is no such incident.
    """
    room = entered(service, number, actor)
    return room, board(room)


def checked(service: Service, room: Room, message: Message, text: str) -> Checked:
    """A message held against the record."""
    return Checked(message, text, flaws(room, service.config, message, text))


def sent(
    service: Service, room: Room, found: Checked, because: str, write: Writer
) -> tuple[Entry, tuple[Delivered, ...]] | None:
    """The entry of the update and what came of every sink; None where the check refuses it and no reason is given.

    Raises:
        RecordFailedError: it could not be recorded; nothing has left.
    """
    if found.flaws and not because:
        return None
    against = tuple(f"{flaw.kind}: {flaw.sentence or flaw.problem}" for flaw in found.flaws)
    update = Updated(found.message, found.text, against, because if found.flaws else "")
    return send(room, service.config, service.clock, update, write)
