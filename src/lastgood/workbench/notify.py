"""Notify: pages and tickets that are owed are handed to their sinks, and what came of it is recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from lastgood.algorithms.redaction import redacted
from lastgood.config import Config
from lastgood.incidents.state import incident_of
from lastgood.model.clock import Clock
from lastgood.model.message import Delivered, Notice
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks.made import Sink, made
from lastgood.workbench.notices import notices
from lastgood.workbench.room import Room, histories
from lastgood.workbench.service import Service
from lastgood.workbench.sinks import handed, link_to

LEFT_ALONE = timedelta(minutes=1)  # whoever wrote an entry sends what it calls for; the server comes after
ACTOR_OF_NOTICES = "lastgood"

# Writes a notice in the forms that sinks take, with the redaction applied to every text in it.
Wording = Callable[[Notice, Room, Callable[[str], str]], Outgoing]


def notify(
    room: Room, config: Config, clock: Clock, write: Wording, *, again: bool = False
) -> tuple[Delivered, ...]:
    """What came of every notice that was owed."""
    found = []
    for notice in notices(room, config, again=again):
        delivered = _handed(room, config, clock, notice, write)
        room.append(delivered)
        found.append(delivered)
    return tuple(found)


def planned_notices(
    room: Room, config: Config, clock: Clock, write: Wording, *, again: bool = False
) -> Iterator[tuple[Notice, str]]:
    """Each notice that is owed, and each request as it would leave. Nothing does."""
    for notice in notices(room, config, again=again):
        sink = _sink(config, clock, notice)
        for one in sink.planned(_written(room, config, notice, write)):
            yield notice, one


def notify_all(service: Service, write: Wording, *, at_once: bool = False) -> tuple[Delivered, ...]:
    """The same of every incident that is not closed, for the server: what a minute of quiet leaves owed, or all `at_once`."""
    found: list[Delivered] = []
    for entries in histories(service.record):
        now = service.clock()
        if incident_of(entries).closed_at is None and (at_once or now - entries[-1].written_at >= LEFT_ALONE):
            room = Room(service.record, service.record.entries(entries[0].incident), ACTOR_OF_NOTICES, now)
            found += notify(room, service.config, service.clock, write)
    return tuple(found)


def _handed(room: Room, config: Config, clock: Clock, notice: Notice, write: Wording) -> Delivered:
    outgoing = _written(room, config, notice, write)
    return handed(_sink(config, clock, notice), outgoing, notice.about, "", f"; {notice.because}")


def _sink(config: Config, clock: Clock, notice: Notice) -> Sink:
    return next(made(one, clock) for one in config.settings.sink if one.name == notice.sink)


def _written(room: Room, config: Config, notice: Notice, write: Wording) -> Outgoing:
    outgoing = write(notice, room, lambda text: redacted(text)[0])
    return replace(outgoing, link=link_to(config, room.number))
