"""Postmortem: everything that the record says about an incident, put in order; made anew whenever it is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lastgood.algorithms.error_budget import burnt
from lastgood.config import Config, Slo
from lastgood.incidents.board import board_of
from lastgood.incidents.chain import Fault, faults
from lastgood.incidents.follow_ups import follow_ups
from lastgood.incidents.lessons import lessons
from lastgood.incidents.timeline import timeline_of
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.entry import Entry, Frozen
from lastgood.model.evidence import Series
from lastgood.model.follow_up import FollowUp
from lastgood.model.hypothesis import Hypothesis
from lastgood.model.incident import Incident
from lastgood.model.lesson import Lesson
from lastgood.model.message import Updated
from lastgood.model.postmortem import Part, Written
from lastgood.model.readiness import Piece
from lastgood.model.timeline import Timeline
from lastgood.model.window import Window
from lastgood.workbench.assess import PULSE
from lastgood.workbench.evidence import kept
from lastgood.workbench.mechanism import Link, mechanism
from lastgood.workbench.missed_pieces import missed
from lastgood.workbench.pulse import pulse_of
from lastgood.workbench.room import Room


@dataclass(frozen=True, slots=True)
class Budget:
    """The share of an error budget that was burnt in the time that was measured."""

    service: str | None  # whose target it is; None for that of all
    target: float  # percent
    days: int
    burnt: float  # 1 for all of it


@dataclass(frozen=True, slots=True)
class Postmortem:
    """What is known about an incident as of its last entry."""

    incident: Incident
    entries: tuple[Entry, ...]
    timeline: Timeline
    measured: Window | None  # in which the impact was counted
    affected: Window | None  # from the onset to the end, as far as both are known
    budget: Budget | None
    links: tuple[Link, ...]
    lessons: tuple[Lesson, ...]
    hypotheses: tuple[Hypothesis, ...]
    updates: tuple[Entry, ...]  # the messages that were sent
    follow_ups: tuple[FollowUp, ...]
    written: Mapping[Part, str]
    authors: tuple[str, ...]  # who wrote parts of it
    responders: tuple[str, ...]  # who put anything on the record
    pulse: tuple[Series, ...]
    faults: tuple[Fault, ...]  # of the record
    missed: tuple[Piece, ...]  # instrumentation without which a question had no answer

    @property
    def impact(self) -> Impact | None:
        """As last measured while users were affected."""
        return self.incident.confirmed.impact if self.incident.confirmed else None


def postmortem(room: Room, config: Config) -> Postmortem:
    """The postmortem of an incident.

    Raises:
        RecordBrokenError: what an entry cites is not what was kept.
    """
    incident, timeline = room.incident, timeline_of(room.entries)
    said = incident.confirmed
    measured = said.comparison.bad if said and said.comparison else None
    impact = said.impact if said else None
    return Postmortem(
        incident=incident,
        entries=room.entries,
        timeline=timeline,
        measured=measured,
        affected=_affected_during(incident),
        budget=budget(impact, measured, config.settings.slo),
        links=mechanism(incident, room.entries),
        lessons=lessons(room.entries, timeline, config.settings.postmortem, config.rhythm),
        hypotheses=board_of(room.entries).hypotheses,
        updates=tuple(entry for entry in room.entries if isinstance(entry.payload, Updated)),
        follow_ups=follow_ups(room.entries),
        written=written_parts(room.entries),
        authors=_distinct(entry for entry in room.entries if isinstance(entry.payload, Written)),
        responders=_distinct(entry for entry in room.entries if not isinstance(entry.payload, Frozen)),
        pulse=_pulse(room),
        faults=tuple(faults(room.record.lines(room.number))),
        missed=missed(room.record, room.entries),
    )


def budget(impact: Impact | None, measured: Window | None, slo: Slo) -> Budget | None:
    """What the failing requests burnt of the budget; None without a target, or where it is not failures that affected."""
    if impact is None or impact.failure_share is None or measured is None:
        return None
    if impact.kind in {ImpactKind.LATENCY, ImpactKind.TRAFFIC_LOSS}:
        return None
    service = impact.of.split(" ")[0] if impact.of else None
    target = slo.services.get(service or "", slo.target)
    if target is None:
        return None
    share = burnt(impact.failure_share, measured.seconds, target / 100, slo.days * 86_400)
    return Budget(service if service in slo.services else None, target, slo.days, share)


def _affected_during(incident: Incident) -> Window | None:
    """From the onset to the end that the telemetry saw, else to the mitigation; None where recovery was not measured."""
    end = incident.ended_at if incident.recovered else None
    since = incident.since
    return Window(since, end) if since and end and since < end else None


def written_parts(entries: Sequence[Entry]) -> dict[Part, str]:
    """The parts in their last words; one without words is not there."""
    parts: dict[Part, str] = {}
    for entry in entries:
        if isinstance(entry.payload, Written):
            parts[entry.payload.part] = entry.payload.text.strip()
    return {part: text for part, text in parts.items() if text}


def _distinct(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.actor for entry in entries))


def _pulse(room: Room) -> tuple[Series, ...]:
    """The last pulse that was kept with a sitrep that saw users affected: the next one may begin after it all."""
    since = room.incident.confirmed_in or 0
    beats = (
        entry.sequence
        for entry in room.entries
        if isinstance(entry.payload, Frozen) and entry.payload.name == PULSE and entry.sequence > since
    )
    number = next(beats, None)
    return pulse_of(kept(room, number)) if number is not None else ()
