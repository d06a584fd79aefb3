"""Follow-ups over all incidents: added with what each must have, done, verified, dropped."""

import re
from collections.abc import Mapping

from lastgood.algorithms.vigilance import asked_of_people
from lastgood.config import Config
from lastgood.errors import UsageError
from lastgood.incidents.follow_ups import follow_ups
from lastgood.incidents.record import Record, open_record
from lastgood.model.clock import Clock
from lastgood.model.follow_up import FollowUp, FollowUpAdded, FollowUpMoved, Stage
from lastgood.workbench.room import Room

_NAME = re.compile(r"(?:(\d+)\.)?(\d+)")
# What a follow-up may come to from where it is: what is verified was done before.
_AFTER: Mapping[Stage, frozenset[Stage]] = {
    Stage.OPEN: frozenset({Stage.DONE, Stage.DROPPED}),
    Stage.DONE: frozenset({Stage.OPEN, Stage.VERIFIED, Stage.DROPPED}),
    Stage.VERIFIED: frozenset({Stage.OPEN}),
    Stage.DROPPED: frozenset({Stage.OPEN}),
}


def of_record(record: Record) -> tuple[FollowUp, ...]:
    """Every follow-up of every incident, in the order of incidents and of their entries."""
    return follow_ups(record.of_kinds(FollowUpAdded.kind, FollowUpMoved.kind))


def all_follow_ups(config: Config, clock: Clock) -> tuple[FollowUp, ...]:
    """The same of the record that is configured."""
    with open_record(config.record, clock) as record:
        return of_record(record)


def add(room: Room, added: FollowUpAdded) -> FollowUp:
    """The follow-up as it is on the record.

    Raises:
        UsageError: it lacks something, or asks people for care where it should change a system.
    """
    for name in ("text", "owner", "removes"):
        if not getattr(added, name).strip():
            raise UsageError(f"A follow-up needs its {_LACKING[name]}.")
    if asked := asked_of_people(added.text):
        raise UsageError(
            f"“{asked}” asks people for care, and care runs out.",
            hint="What in the system let it happen, or hid it: which check, limit, default, alert or tool would "
            "have caught it without anyone being careful? Make that the follow-up.",
        )
    entry = room.append(added)
    return next(one for one in follow_ups(room.entries) if one.number == entry.sequence)


def move(room: Room, number: int, to: Stage, because: str) -> FollowUp:
    """The follow-up at its new stage.

    Raises:
        UsageError: there is no such follow-up, or it cannot come there from where it is.
        RecordMovedError: another person has written since this look.
    """
    mine = {one.number: one for one in follow_ups(room.entries)}
    if number not in mine:
        names = ", ".join(one.name for one in mine.values())
        raise UsageError(
            f"Entry {number} of incident {room.number} is not a follow-up.",
            hint=f"Its follow-ups are {names}." if names else "It has none yet.",
        )
    one = mine[number]
    if to not in _AFTER[one.stage]:
        verified = to is Stage.VERIFIED and one.stage is Stage.OPEN
        raise UsageError(
            f"Follow-up {one.name} is {one.stage.value}, so it cannot become {to.value}.",
            hint=f"Say first that it is done: lastgood actions done {one.name} --because WHY"
            if verified
            else "",
        )
    room.append(FollowUpMoved(number, to, because), guarded=True)
    return next(one for one in follow_ups(room.entries) if one.number == number)


def named(name: str) -> tuple[int | None, int]:
    """The incident, if it is said, and the entry of `12.34` or `34`.

    Raises:
        UsageError: it is neither.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise UsageError(f"{name!r} names no follow-up.", hint="One is named 12.34: incident and entry.")
    return (int(found[1]) if found[1] else None), int(found[2])


_LACKING = {
    "text": "words: what is to be done",
    "owner": "owner: one person who sees to it (--owner)",
    "removes": "class of failure: what can no longer happen once it is done (--removes)",
}
