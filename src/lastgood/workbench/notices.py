"""Notices: which pages and tickets the record calls for. Each goes once, and is tried again with bounds."""

from collections.abc import Iterator, Sequence

from lastgood.config import Config, Github, Gitlab, Jira, Linear, Ntfy, Opsgenie, Pagerduty
from lastgood.incidents.follow_ups import follow_ups
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Entry, Mitigated, Resolved, SeveritySet
from lastgood.model.follow_up import Stage
from lastgood.model.incident import Status
from lastgood.model.judgement import Count
from lastgood.model.message import Delivered, Notice, Occasion
from lastgood.model.postmortem import Closed
from lastgood.workbench.board import search_of
from lastgood.workbench.room import Room

MOST_TRIES = Count(
    5, "times that a notice is tried by itself", "judgement: minutes of an outage, not a flood of entries"
)
Paging = Pagerduty | Opsgenie | Ntfy
Tickets = Github | Gitlab | Jira | Linear
TIMEBOX = "timebox"
_DIGITS = 16  # of the incident's identity


def notices(room: Room, config: Config, *, again: bool = False) -> tuple[Notice, ...]:
    """What is owed to sinks that page or keep tickets; `again`: also what was tried too often, or may have arrived.

    What an imported case asks for is not owed.
    """
    if not calls(config):
        return ()
    foreign = room.record.imported(room.number)
    found = [
        notice
        for sink in config.settings.sink
        for notice in (
            _pages(room, config, sink) if isinstance(sink, Paging)
            else _tickets(room, sink) if isinstance(sink, Tickets) else ()
        )
    ]  # fmt: skip
    return tuple(
        one for one in found if one.about not in foreign and (again or _may_be_tried(room.entries, one))
    )


def calls(config: Config) -> bool:
    """Whether the settings have any sink that pages or keeps tickets."""
    return any(isinstance(one, Paging | Tickets) for one in config.settings.sink)


def key_of(room: Room, part: str = "") -> str:
    """What is the same for all that is about an incident, or a part of it, in every record of the case."""
    identity = f"lastgood-{room.entries[0].hash[:_DIGITS]}"
    return f"{identity}-{part}" if part else identity


def _pages(room: Room, config: Config, sink: Paging) -> Iterator[Notice]:
    for notice in _calls(room, config, sink):
        last = _last(room.entries, sink.name, notice.key)
        paging = last is not None and last.what is Occasion.PAGE
        if notice.occasion is Occasion.PAGE and not paging:
            yield notice
        if notice.occasion is Occasion.CLEAR and paging:
            yield notice


def _calls(room: Room, config: Config, sink: Paging) -> Iterator[Notice]:
    """What calls a person as things are, and what would end if it did."""
    incident, severe = room.incident, _decided(room.entries)
    by_severity, by_time = key_of(room), key_of(room, TIMEBOX)
    if incident.status is not Status.OPEN:
        ended = [e.sequence for e in room.entries if isinstance(e.payload, Mitigated | Resolved | Closed)]
        for key in (by_severity, by_time):
            because = f"the incident is {incident.status.value}"
            yield Notice(sink.name, Occasion.CLEAR, ended[-1], key, because)
        return
    if severe and severe[0] in sink.severities:
        yield Notice(sink.name, Occasion.PAGE, severe[1], by_severity, f"severity {severe[0]}")
    if sink.timebox and search_of(room, config).unexplained is not None:
        because = "the time box ended without a supported hypothesis"
        yield Notice(sink.name, Occasion.PAGE, room.entries[0].sequence, by_time, because)


def _tickets(room: Room, sink: Tickets) -> Iterator[Notice]:
    opened = {
        entry.payload.update
        for entry in room.entries
        if isinstance(entry.payload, Delivered)
        and entry.payload.arrived
        and (entry.payload.sink, entry.payload.what) == (sink.name, Occasion.TICKET)
    }
    added = follow_ups(room.entries)
    severe = _decided(room.entries)
    if severe and severe[0] in sink.severities and not opened - {one.number for one in added}:
        yield Notice(sink.name, Occasion.TICKET, severe[1], key_of(room), f"severity {severe[0]}")
    for one in added if sink.follow_ups else ():
        if one.stage is Stage.OPEN and one.number not in opened:
            yield Notice(sink.name, Occasion.TICKET, one.number, key_of(room, str(one.number)), "follow-up")


def _decided(entries: Sequence[Entry]) -> tuple[SeverityLevel, int] | None:
    """The severity that a person set last, and its entry; what is only proposed calls no one."""
    for entry in reversed(entries):
        if isinstance(entry.payload, SeveritySet):
            return entry.payload.level, entry.sequence
    return None


def _last(entries: Sequence[Entry], sink: str, key: str) -> Delivered | None:
    """The last page or end of one under a key that arrived."""
    for entry in reversed(entries):
        said = entry.payload
        if isinstance(said, Delivered) and said.arrived and (said.sink, said.reference) == (sink, key):
            return said
    return None


def _may_be_tried(entries: Sequence[Entry], notice: Notice) -> bool:
    failed = [
        entry.payload
        for entry in entries
        if isinstance(entry.payload, Delivered)
        and not entry.payload.arrived
        and (entry.payload.sink, entry.payload.what, entry.payload.update)
        == (notice.sink, notice.occasion, notice.about)
    ]
    return len(failed) < MOST_TRIES and not any(one.unsure for one in failed)
