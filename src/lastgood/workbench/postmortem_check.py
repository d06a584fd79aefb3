"""What a postmortem lacks before it can be accepted, each with the question that fills the gap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lastgood.algorithms.messages.check import blames, sentences_of
from lastgood.algorithms.vigilance import asked_of_people
from lastgood.errors import UsageError
from lastgood.incidents.people import people_of
from lastgood.model.follow_up import Stage
from lastgood.model.incident import Status
from lastgood.model.postmortem import Accepted, Closed, Part
from lastgood.workbench.postmortem import Postmortem
from lastgood.workbench.room import Room

_PARTIAL = timedelta(minutes=2)  # of the impact may be missing from what was measured
_FEWEST_WORDS = 5  # in which "could it happen again?" can be answered with a reason


class Gap(StrEnum):
    """What kind of thing is missing or wrong."""

    RECORD = "record"  # an entry was edited, or is gone
    NOT_OVER = "not-over"
    IMPACT = "impact"  # no one counted or wrote it
    PARTLY_MEASURED = "partly-measured"  # before the end of it
    MECHANISM = "mechanism"  # neither found nor written
    AGAIN = "again"  # could it happen again next month?
    NO_FOLLOW_UP = "no-follow-up"
    CARE = "care"  # a follow-up asks people for care
    BLAME = "blame"


@dataclass(frozen=True, slots=True)
class Lack:
    """One of them: where, the words that it is about, and what to ask instead."""

    gap: Gap
    part: Part | None = None
    words: str = ""
    question: str = ""


def lacks(found: Postmortem) -> tuple[Lack, ...]:
    """Everything that keeps a postmortem from being accepted; nothing when it can be."""
    return (*_of_record(found), *_of_content(found), *_of_follow_ups(found), *_of_words(found))


def accept(room: Room, found: Postmortem, document: bytes) -> None:
    """Put on the record that the postmortem, as it is written now, is what the team has to say.

    Raises:
        UsageError: it lacks something.
        RecordMovedError: another person has written since this look.
    """
    if missing := lacks(found):
        raise UsageError(
            f"The postmortem of incident {room.number} lacks {len(missing)} things.",
            hint="See which: lastgood postmortem check",
        )
    room.append(Accepted(room.record.keep(document)), guarded=True)


def close(room: Room, because: str, *, without_postmortem: bool) -> None:
    """Close an incident: with an accepted postmortem where one is needed, or with the decision to do without.

    Raises:
        UsageError: it is not over, or needs a postmortem that no one has accepted.
    """
    incident = room.incident
    if incident.status is Status.CLOSED:
        raise UsageError(f"Incident {room.number} is closed already.")
    if incident.status is not Status.RESOLVED:
        raise UsageError(
            f"Incident {room.number} is {incident.status.value}, so it cannot be closed.",
            hint='When it has ended: lastgood incident resolve "why"',
        )
    unmet = incident.needs_postmortem and incident.accepted_at is None
    if unmet and not without_postmortem:
        raise UsageError(
            f"Incident {room.number} is {incident.severity}: it is closed with an accepted postmortem.",
            hint="What it lacks: `lastgood postmortem check`; then `lastgood postmortem accept`. "
            "To do without one, with a reason: --without-postmortem",
        )
    room.append(Closed(because, without_postmortem=unmet), guarded=True)


def _of_record(found: Postmortem) -> Iterator[Lack]:
    for fault in found.faults:
        yield Lack(Gap.RECORD, words=f"entry {fault.sequence}: {fault.problem}")
    if not found.incident.status.over:
        yield Lack(Gap.NOT_OVER, words=found.incident.status.value)


def _of_content(found: Postmortem) -> Iterator[Lack]:
    counted = found.impact is not None and found.impact.counted
    if not counted and Part.IMPACT not in found.written:
        yield Lack(Gap.IMPACT)
    end = found.incident.ended_at
    if found.measured and end and end - found.measured.end > _PARTIAL and Part.IMPACT not in found.written:
        yield Lack(Gap.PARTLY_MEASURED)
    if not found.links and Part.MECHANISM not in found.written:
        yield Lack(Gap.MECHANISM)
    if len(found.written.get(Part.AGAIN, "").split()) < _FEWEST_WORDS:
        yield Lack(Gap.AGAIN, Part.AGAIN, found.written.get(Part.AGAIN, ""))


def _of_follow_ups(found: Postmortem) -> Iterator[Lack]:
    going = [one for one in found.follow_ups if one.stage is not Stage.DROPPED]
    if not going:
        yield Lack(Gap.NO_FOLLOW_UP)
    for one in going:
        if asked := asked_of_people(one.added.text):
            yield Lack(Gap.CARE, words=f"{one.name}: {asked}")


def _of_words(found: Postmortem) -> Iterator[Lack]:
    """Blame, in what people wrote for the postmortem; what was said in the heat of it stays as it was said."""
    said = found.incident.confirmed
    systems = (*said.services, *(one.component or "" for one in said.culprits)) if said else ()
    people = people_of(found.entries)
    texts: list[tuple[Part | None, str]] = list(found.written.items())
    texts += [(None, one.added.text) for one in found.follow_ups if one.stage is not Stage.DROPPED]
    for part, text in texts:
        for sentence in sentences_of(text):
            for flaw in blames(sentence, people, systems):
                yield Lack(Gap.BLAME, part, flaw.sentence, flaw.better)
