"""Incident pages: what the record holds about one incident, or about all, as pages and API show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from lastgood.errors import UsageError
from lastgood.incidents import cadence
from lastgood.incidents.record import Record
from lastgood.incidents.state import incident_of
from lastgood.incidents.timeline import timeline_of
from lastgood.inspections._registry import inspections
from lastgood.model import figures
from lastgood.model.entry import Entry, Frozen, Triaged
from lastgood.model.evidence import Series
from lastgood.model.incident import Incident
from lastgood.model.message import Due, Recipient
from lastgood.model.timeline import Timeline
from lastgood.workbench.assess import FULL, PULSE
from lastgood.workbench.entered import telemetry_of
from lastgood.workbench.evidence import Kept, Rerun, kept, rerun
from lastgood.workbench.pulse import full_of, pulse_of
from lastgood.workbench.recipients import recipients
from lastgood.workbench.room import Room, histories
from lastgood.workbench.service import Service


@dataclass(frozen=True, slots=True)
class Seen:
    """One incident as the record has it."""

    incident: Incident
    entries: tuple[Entry, ...]
    owed: tuple[Due, ...]
    document: dict[str, Any] | None  # the last sitrep as JSON; None before the first one
    pulse: tuple[Series, ...]  # errors, latency and traffic over the time of the last sitrep
    next_update: datetime  # due after an update that is sent now
    timeline: Timeline
    cited: Mapping[str, int]  # by the name of a question, the first entry of evidence of its last answer
    recipients: tuple[Recipient, ...] = ()
    used: Series | None = None  # of the resource that rose most


def every(service: Service) -> tuple[tuple[Incident, tuple[Due, ...]], ...]:
    """Every incident with the updates that are owed, the last one first."""
    found = [incident_of(entries) for entries in histories(service.record)]
    return tuple((one, cadence.dues(one, service.config.rhythm)) for one in reversed(found))


def seen(service: Service, number: int, at: datetime | None = None) -> Seen:
    """One incident, now or as the record had it at a time.

    Raises:
        NoIncidentError: there is no such incident.
        UsageError: it was not on the record yet.
        RecordFailedError: the record does not answer.
    """
    room = past(_room(service, number), at) if at else _room(service, number)
    incident = room.incident
    said = incident.triaged
    return Seen(
        incident,
        room.entries,
        cadence.dues(incident, service.config.rhythm),
        _document(service.record, said.document) if said else None,
        _pulse(room),
        cadence.next_update(room.now, incident.severity, service.config.rhythm),
        timeline_of(room.entries),
        cited(room.entries),
        recipients(incident, room.entries, service.config),
        _used(room),
    )


def past(room: Room, at: datetime) -> Room:
    """The room with what was written up to the end of that second.

    Raises:
        UsageError: that was before its first entry, or is yet to come.
    """
    end = at.replace(microsecond=0) + timedelta(seconds=1)
    written = tuple(one for one in room.entries if one.written_at < end)
    if not written or at > room.now:
        first = room.entries[0].written_at
        raise UsageError(
            f"The record holds nothing of {figures.stamp(at)}.",
            hint=f"Choose a time from {figures.stamp(first.replace(microsecond=0))} until now.",
        )
    return replace(room, entries=written, now=at)


def cited(entries: Sequence[Entry]) -> dict[str, int]:
    """The first evidence of each question in the last answer; of the pulse by the name `pulse`, of saturation by `used`."""
    last = next((e.sequence for e in reversed(entries) if isinstance(e.payload, Triaged)), 0)
    names = {*(one.name for one in inspections()), PULSE, FULL}
    found: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry.payload, Frozen) and entry.sequence > last and entry.payload.name in names:
            found.setdefault(entry.payload.name, entry.sequence)
    return found


def evidence(service: Service, number: int, sequence: int) -> tuple[Incident, Kept, tuple[int, ...]]:
    """A piece of evidence as it was kept, the incident that it is of, and the entries of the same question's.

    Raises:
        UsageError: the entry is not evidence.
    """
    room = _room(service, number)
    found = kept(room, sequence)
    return room.incident, found, tuple(_beside(room.entries, found))


def evidence_again(service: Service, number: int, sequence: int) -> Rerun:
    """The same query now.

    Raises:
        UsageError: the entry is not evidence, or was not asked of the telemetry.
        UntrustedCaseError: it came in with a case, so its query is not run.
    """
    room = _room(service, number)
    with telemetry_of(service, room) as store:
        return rerun(room, store, sequence)


def _beside(entries: Sequence[Entry], found: Kept) -> Iterator[int]:
    """The entries that keep what the same claim rests on."""
    for entry in entries:
        said = entry.payload
        same = entry.sequence == found.entry.sequence
        if isinstance(said, Frozen) and (
            same or (said.name and (said.name, said.claim) == (found.frozen.name, found.frozen.claim))
        ):
            yield entry.sequence


def _room(service: Service, number: int) -> Room:
    return Room(service.record, service.record.entries(number), "", service.clock())


def _document(record: Record, name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(record.kept(name))
    return found


def _pulse(room: Room) -> tuple[Series, ...]:
    """The series of the last pulse that was kept."""
    for entry in reversed(room.entries):
        if isinstance(entry.payload, Frozen) and entry.payload.name == PULSE:
            return pulse_of(kept(room, entry.sequence))
    return ()


def _used(room: Room) -> Series | None:
    """The resource of the last answer; an older one is not of the same time."""
    for entry in reversed(room.entries):
        if isinstance(entry.payload, Triaged):
            return None
        if isinstance(entry.payload, Frozen) and entry.payload.name == FULL:
            return full_of(kept(room, entry.sequence))
    return None


def marks(service: Service, number: int) -> tuple[int, int]:
    """The numbers of the last entry, and of the last answer (0: none): what a page that is open compares with.

    Raises:
        NoIncidentError: there is no such incident.
    """
    last = service.record.last(number)
    answers = service.record.of_kinds(Triaged.kind, incident=number)
    return last, answers[-1].sequence if answers else 0
