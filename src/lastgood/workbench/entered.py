"""Entered: the room of an incident as the server has it open, and the telemetry that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from lastgood.errors import UsageError
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store


def entered(service: Service, number: int, actor: str) -> Room:
    """The room of an incident, as of now.

    Raises:
        NoIncidentError: there is no such incident.
    """
    return Room(service.record, service.record.entries(number), actor, service.clock())


@contextmanager
def telemetry_of(service: Service, room: Room) -> Iterator[Store]:
    """The server's store, with queries of its own.

    Raises:
        UsageError: the incident was opened on files, which a server does not read.
    """
    if room.incident.opened.inputs:
        raise UsageError(
            f"Incident {room.number} was opened on files, which the server does not read.",
            hint="Ask on the command line, where the files are.",
        )
    with service.apart() as store:
        yield store
