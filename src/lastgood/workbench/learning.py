"""Learning: what recurred at each service, what fixed it, and what was noise, counted over all incidents of the record."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lastgood.algorithms.counts import wilson
from lastgood.config import Config
from lastgood.incidents.board import board_of
from lastgood.incidents.follow_ups import follow_ups
from lastgood.incidents.record import open_record
from lastgood.incidents.state import incident_of
from lastgood.model.action import Action
from lastgood.model.clock import Clock
from lastgood.model.entry import Entry, Triaged
from lastgood.model.follow_up import FollowUp, Stage
from lastgood.model.hypothesis import Hypothesis, Standing
from lastgood.model.incident import Incident
from lastgood.model.learning import ALL_SERVICES, SMALL_SAMPLE, Case, Learning, ServiceMemory, Tried
from lastgood.workbench.at_fault import service_at_fault
from lastgood.workbench.learning_month import listed
from lastgood.workbench.room import histories

LEARNING_LEVEL = 0.95  # of intervals


@dataclass(frozen=True, slots=True)
class _History:
    """An incident with all that is folded of it."""

    incident: Incident
    hypotheses: tuple[Hypothesis, ...]
    follow_ups: tuple[FollowUp, ...]
    alert: str  # the first that fired, of any of its sitreps

    @property
    def service(self) -> str:
        """That it is remembered by; else all."""
        return service_at_fault(self.incident) or ALL_SERVICES


def learning(config: Config, clock: Clock, service: str | None = None) -> Learning:
    """What the record shows, of one service or of each."""
    with open_record(config.record, clock) as record:
        every = histories(record)
    reported = [_folded(entries) for entries in every]
    by = defaultdict[str, list[_History]](list)
    for one in reported:
        by[one.service].append(one)
    found = [_memory(name, mine) for name, mine in by.items() if service in {None, name}]
    asked = [mine for mine, one in zip(every, reported, strict=True) if service in {None, one.service}]
    return Learning(
        len(reported),
        tuple(sorted(found, key=lambda one: (-len(one.incidents), one.service))),
        tuple(map(_case, asked)) if len(asked) <= SMALL_SAMPLE else (),
    )


def _case(entries: tuple[Entry, ...]) -> Case:
    incident = incident_of(entries)
    settled = [one for one in incident.actions if one.effect is not None and one.effect.effect.settled]
    return Case(
        listed(entries),
        tuple(_named(one) for one in incident.actions if one not in settled),
        tuple(_named(one) for one in settled if not one.ended_it),
        incident.resolution.because if incident.resolution else "",
        tuple(f"{one.name} {one.added.text} ({one.stage.value})" for one in follow_ups(entries)),
    )


def _named(action: Action) -> str:
    return f"{action.begun.what} {action.begun.target}"


def _folded(entries: tuple[Entry, ...]) -> _History:
    triaged = [entry.payload for entry in entries if isinstance(entry.payload, Triaged)]
    alert = next((said.first_alert.name for said in triaged if said.first_alert), "")
    return _History(incident_of(entries), board_of(entries).hypotheses, tuple(follow_ups(entries)), alert)


def _memory(service: str, reported: Sequence[_History]) -> ServiceMemory:
    over = [one for one in reported if one.incident.status.over]
    unconfirmed = sum(one.incident.confirmed is None for one in over)
    return ServiceMemory(
        service,
        tuple(one.incident.number for one in reported),
        _classes(reported),
        _fixes(reported),
        _shares((one.alert, one.incident.confirmed is not None) for one in over if one.alert),
        _tried("without confirmed impact", unconfirmed, len(over)),
        _suspects(reported),
        tuple(
            f"{one.name} {one.added.text}"
            for each in reported
            for one in each.follow_ups
            if one.stage is Stage.OPEN
        ),
    )


def _classes(reported: Sequence[_History]) -> tuple[Tried, ...]:
    names = [
        one.incident.confirmed.failure_class.name
        for one in reported
        if one.incident.confirmed and one.incident.confirmed.failure_class
    ]
    return tuple(_tried(str(name), count, len(names)) for name, count in Counter(names).most_common())


def _fixes(reported: Sequence[_History]) -> tuple[Tried, ...]:
    """Only actions whose effect was measured: of the others nothing is known."""
    return _shares(
        (action.begun.what, action.ended_it)
        for one in reported
        for action in one.incident.actions
        if action.effect is not None and action.effect.effect.settled
    )


def _suspects(reported: Sequence[_History]) -> tuple[Tried, ...]:
    """Kinds of suspected change, where it was decided: supported or ruled out."""
    decided = {Standing.SUPPORTED, Standing.RULED_OUT}
    return _shares(
        (_kind(one.incident, hypothesis.added.change), hypothesis.standing is Standing.RULED_OUT)
        for one in reported
        for hypothesis in one.hypotheses
        if hypothesis.added.change and hypothesis.standing in decided
    )


def _kind(incident: Incident, change: str | None) -> str:
    said = incident.confirmed
    kinds: Mapping[str, str] = {one.change_id: one.kind.value for one in said.changes} if said else {}
    return kinds.get(change or "", "change")


def _shares(cases: Iterable[tuple[str, bool]]) -> tuple[Tried, ...]:
    """By name, how often it was true; the most frequent name first."""
    counted = defaultdict[str, list[bool]](list)
    for name, true in cases:
        counted[name].append(true)
    found = [_tried(name, sum(all_of), len(all_of)) for name, all_of in counted.items()]
    return tuple(sorted(found, key=lambda one: (-one.of, one.name)))


def _tried(name: str, true: int, of: int) -> Tried:
    return Tried(name, true, of, *wilson(true, of, LEARNING_LEVEL))
