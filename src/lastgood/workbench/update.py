"""Update: a message about the incident is checked, recorded, and handed to every sink; what failed can be sent again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from lastgood.algorithms.messages.check import text_flaws
from lastgood.algorithms.messages.fields import field_flaws
from lastgood.algorithms.redaction import redacted
from lastgood.config import Config
from lastgood.errors import UsageError
from lastgood.incidents import cadence
from lastgood.incidents.board import board_of
from lastgood.incidents.people import people_of
from lastgood.model.clock import Clock
from lastgood.model.entry import Entry, Triaged
from lastgood.model.hypothesis import Standing
from lastgood.model.incident import Incident
from lastgood.model.message import (
    Delivered,
    Facts,
    Flaw,
    FlawKind,
    Message,
    Updated,
    UpdateStatus,
)
from lastgood.workbench.faults import fault_of
from lastgood.workbench.room import Room
from lastgood.workbench.sinks import Outgoing, Sink, sinks
from lastgood.workbench.webhook import NotSentError

# Writes an update in the forms that sinks take, with the redaction applied to every text in it.
Writer = Callable[[Entry, Updated, Incident, Callable[[str], str]], Outgoing]


def flaws(room: Room, config: Config, message: Message, text: str) -> tuple[Flaw, ...]:
    """What is wrong with an update: its status, its fields, its sentences."""
    incident, facts = room.incident, facts_of(room)
    status = cadence.refused(incident, message.status, supported=bool(facts.supported))
    refused = (
        (Flaw(FlawKind.STATUS, "", 0, 0, f"it says {message.status}, but {status[0]}", status[1]),)
        if status
        else ()
    )
    fields = field_flaws(message, facts, cadence.every(incident, config.rhythm))
    return (*refused, *fields, *_wording(text, facts, message))


def _wording(text: str, facts: Facts, message: Message) -> Iterator[Flaw]:
    """What is wrong with the words. The headline is a title: it need not say how much, but keeps what is inside."""
    headline = len(text.partition("\n")[0])
    for flaw in text_flaws(text, facts, message.audience):
        if flaw.start >= headline or flaw.kind in {FlawKind.INTERNAL, FlawKind.JARGON, FlawKind.BLAME}:
            yield flaw


def due_by(room: Room, config: Config) -> datetime:
    """When the next update has to come, if one is sent now."""
    return cadence.next_update(room.now, room.incident.severity, config.rhythm)


def usual_status(room: Room) -> UpdateStatus:
    """The status that an update has unless another is given."""
    return cadence.status_of(room.incident, supported=bool(_supported(room)))


def facts_of(room: Room) -> Facts:
    """What the record knows that a message can be held to."""
    known = Facts(now=room.now, supported=_supported(room), people=people_of(room.entries))
    said = room.incident.confirmed or room.incident.triaged
    if said is None:
        return known
    internals = tuple(dict.fromkeys(name for name in _internals(said) if name))
    return replace(known, since=said.since, impact=said.impact, internals=internals)


def _supported(room: Room) -> tuple[str, ...]:
    """The hypotheses that their predictions support."""
    return tuple(one.added.text for one in board_of(room.entries).standing(Standing.SUPPORTED))


def send(
    room: Room, config: Config, clock: Clock, update: Updated, write: Writer
) -> tuple[Entry, tuple[Delivered, ...]]:
    """The entry of the update, and what came of every sink. It is recorded before anything leaves.

    Raises:
        RecordFailedError: it could not be recorded; nothing has left.
    """
    entry = room.append(update)
    return entry, tuple(_handed(room, clock, config, entry, update, write))


def resend(room: Room, config: Config, clock: Clock, write: Writer) -> tuple[Entry, tuple[Delivered, ...]]:
    """The last update, handed again to the sinks where it has not arrived.

    Raises:
        UsageError: there is no update yet.
    """
    for entry in reversed(room.entries):
        if isinstance(entry.payload, Updated):
            return entry, tuple(_handed(room, clock, config, entry, entry.payload, write))
    raise UsageError("There is no update yet that could be sent again.", hint="Write one: lastgood update")


def _handed(
    room: Room, clock: Clock, config: Config, entry: Entry, update: Updated, write: Writer
) -> Iterator[Delivered]:
    there = {
        e.payload.sink
        for e in room.entries
        if isinstance(e.payload, Delivered) and _arrived(e.payload, entry)
    }
    taken: list[str] = []

    def redact(text: str) -> str:
        clean, found = redacted(text)
        taken.extend(found)
        return clean

    outgoing = write(entry, update, room.incident, redact)
    removed = f"; redacted: {', '.join(dict.fromkeys(taken))}" if taken else ""
    for sink in sinks(config, clock, update.message.audience):
        if sink.name not in there:
            delivered = _delivered(sink, outgoing, entry.sequence, removed)
            room.append(delivered)
            yield delivered


def _arrived(delivered: Delivered, entry: Entry) -> bool:
    return delivered.arrived and delivered.update == entry.sequence


def _delivered(sink: Sink, outgoing: Outgoing, update: int, removed: str) -> Delivered:
    try:
        return Delivered(update, sink.name, arrived=True, detail=f"{sink.send(outgoing)}{removed}")
    except NotSentError as problem:
        return Delivered(update, sink.name, arrived=False, detail=str(problem))
    except Exception as fault:  # noqa: BLE001 - one sink that fails must not keep the others from being told
        return Delivered(update, sink.name, arrived=False, detail=fault_of(fault))


def _internals(said: Triaged) -> Iterator[str]:
    """Names of the system's parts."""
    yield from said.services
    for culprit in said.culprits:
        yield from (culprit.service, culprit.instance or "", culprit.component or "")
    for change in said.changes:
        yield from (change.change_id, change.service or "")
    for segment in said.segments:
        yield from segment.where
    if said.path:
        yield from (said.path.last_good or "", said.path.first_bad)
