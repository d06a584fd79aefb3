"""Update: a message about the incident is checked, recorded, and handed to every sink; what failed can be sent again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from lastgood.algorithms.messages.check import text_flaws
from lastgood.algorithms.messages.fields import field_flaws
from lastgood.algorithms.messages.vocabulary import PLAIN as IN_PLAIN_WORDS
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
    Audience,
    Delivered,
    Facts,
    Flaw,
    FlawKind,
    Message,
    Updated,
    UpdateStatus,
)
from lastgood.model.outgoing import Outgoing
from lastgood.workbench.room import Room
from lastgood.workbench.sinks import earlier, handed, link_to, sinks

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
    agree = (said.path.agree, said.path.traces) if said.path else None
    return replace(known, since=said.since, impact=said.impact, internals=_internals(said), agree=agree)


def may_read(text: str, incident: Incident, audience: Audience) -> bool:
    """Whether the words of a draft name nothing that its audience must not read or cannot understand."""
    said = incident.confirmed
    facts = Facts(incident.opened_at, internals=_internals(said) if said else ())
    kinds = {flaw.kind for flaw in text_flaws(text, facts, audience)}
    return kinds.isdisjoint({FlawKind.INTERNAL, FlawKind.JARGON})


def plainly(word: str) -> str:
    """What the check of messages asks for instead of a word of insiders; any other word as it is."""
    return IN_PLAIN_WORDS.get(word, word)


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


def planned(
    room: Room, config: Config, clock: Clock, update: Updated, write: Writer
) -> Iterator[tuple[str, str]]:
    """What sending an update would hand to each sink: its name, and each request as it would leave. Nothing does.

    The record's hash, which stands in the message, is that of the last entry here.
    """
    last = room.entries[-1]
    entry = replace(last, sequence=last.sequence + 1, at=room.now, payload=update)
    outgoing, _ = _written(room, config, entry, update, write)
    for sink in sinks(config, clock, update.message.audience):
        for one in sink.planned(outgoing, earlier(room, sink.name)):
            yield sink.name, one


def _handed(
    room: Room, clock: Clock, config: Config, entry: Entry, update: Updated, write: Writer
) -> Iterator[Delivered]:
    there = {
        e.payload.sink
        for e in room.entries
        if isinstance(e.payload, Delivered) and _arrived(e.payload, entry)
    }
    outgoing, removed = _written(room, config, entry, update, write)
    for sink in sinks(config, clock, update.message.audience):
        if sink.name not in there:
            before = earlier(room, sink.name)
            delivered = handed(sink, outgoing, entry.sequence, before, removed)
            room.append(delivered)
            yield delivered


def _written(
    room: Room, config: Config, entry: Entry, update: Updated, write: Writer
) -> tuple[Outgoing, str]:
    """The update as it leaves, and what was taken out of it."""
    taken: list[str] = []

    def redact(text: str) -> str:
        clean, found = redacted(text)
        taken.extend(found)
        return clean

    outgoing = write(entry, update, room.incident, redact)
    if update.message.audience is not Audience.PUBLIC:
        outgoing = replace(outgoing, link=link_to(config, room.number))
    return outgoing, f"; redacted: {', '.join(dict.fromkeys(taken))}" if taken else ""


def _arrived(delivered: Delivered, entry: Entry) -> bool:
    return delivered.arrived and delivered.update == entry.sequence


def _internals(said: Triaged) -> tuple[str, ...]:
    """Names of the system's parts."""
    return tuple(dict.fromkeys(filter(None, _parts(said))))


def _parts(said: Triaged) -> Iterator[str]:
    yield from said.services
    for culprit in said.culprits:
        yield from (culprit.service, culprit.instance or "", culprit.component or "")
    for change in said.changes:
        yield from (change.change_id, change.service or "")
    for segment in said.segments:
        yield from segment.where
    if said.path:
        yield from (said.path.last_good or "", said.path.first_bad)
