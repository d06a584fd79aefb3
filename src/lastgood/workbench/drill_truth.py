"""Drill truth: what the record of an incident holds as its truth: since when, the cause, and what fixed it."""

import re
from collections.abc import Iterator, Sequence

from lastgood.errors import UsageError
from lastgood.incidents.board import board_of
from lastgood.model.action import Action
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.drill import ChatLine, Course, Drill, GoodStep, Truth
from lastgood.model.entry import Entry, Noted, Resolved
from lastgood.model.hypothesis import Standing
from lastgood.model.incident import Incident
from lastgood.model.postmortem import Part
from lastgood.workbench.at_fault import undone
from lastgood.workbench.drill_fault import BEFORE_FAULT, Fault
from lastgood.workbench.drill_list import by_the_method
from lastgood.workbench.fixed import OF_FIX
from lastgood.workbench.postmortem import written_parts

OWN_LEVEL = 3  # medium: how hard it is for others is not known
WITHIN = 15.0  # minutes in which a good run has mitigated, as in the drills that ship
_VERSION = re.compile(r"v?\d[\w.+-]*")
CALLED_OFF = ("not an incident", "no incident", "noise", "baseline", "false alarm", "normal")


def drill_of(name: str, incident: Incident, entries: Sequence[Entry], fault: Fault) -> Drill:
    """The drill of an incident that is over, with the names that are in the record.

    Raises:
        UsageError: the record does not show what fixed it.
    """
    course, alert = course_of(incident, fault), incident.confirmed and incident.confirmed.first_alert
    page = f"{alert.name} {alert.service or ''}".strip() if alert else incident.title
    truth = _truth(incident, entries) if incident.confirmed else _none(incident, entries)
    return Drill(
        name, incident.title, OWN_LEVEL, f"{course.page:%H:%M}", page,
        tuple(_chat(entries, course, truth)), truth, tuple(_good(incident, course, truth)), "", course,
    )  # fmt: skip


def refuse_unless_over(incident: Incident) -> None:
    """Nothing, where it is over.

    Raises:
        UsageError: it is not.
    """
    if not incident.status.over:
        raise UsageError(
            f"Incident {incident.number} is not over.", hint="Resolve it first: lastgood incident resolve WHY"
        )


def course_of(incident: Incident, fault: Fault) -> Course:
    """The times of its telemetry. One that was opened once its fault was over is paged in the middle of it."""
    onset, back, opened = fault.lasted.start, fault.lasted.end, incident.opened_at
    turns = [one.effect.turned for one in incident.actions if one.effect and one.effect.turned]
    turned = min([back, *(one for one in turns if one > onset)])
    page = opened if onset < opened < turned else onset + (turned - onset) / 2
    return Course(onset - BEFORE_FAULT, onset, page, turned, back, fault.well_until)


def fixes_of(incident: Incident) -> tuple[Action, ...]:
    """The actions that fixed it: as measured, else the last one before a person recorded the mitigation.

    Raises:
        UsageError: there is none.
    """
    if measured := tuple(one for one in incident.actions if one.ended_it):
        return measured
    before = [
        one
        for one in incident.actions
        if one.undone_by is None and not one.claimless
        and incident.mitigated_at is not None and one.begun_at <= incident.mitigated_at
    ]  # fmt: skip
    if before:
        return (before[-1],)
    raise UsageError(
        f"The record of incident {incident.number} does not show what fixed it.",
        hint="Add it: lastgood act KIND TARGET --manual --at TIME. Then measure it: lastgood verify",
    )


def _truth(incident: Incident, entries: Sequence[Entry]) -> Truth:
    fixes = tuple(dict.fromkeys(f"{one.begun.what} {one.begun.target}" for one in fixes_of(incident)))
    change = _change(incident, entries)
    severities = (incident.severity.value,) if incident.severity else ("SEV1", "SEV2", "SEV3")
    kind = incident.confirmed.failure_class if incident.confirmed else None
    return Truth(
        incident=True,
        severities=severities,
        change=change.change_id if change else "",
        cause=tuple(_words(incident, change)),
        mitigations=fixes,
        within=WITHIN,
        explanation=_explanation(incident, entries, change),
        failure_class=str(kind.name) if kind else "",
        rivals=tuple(_rivals(incident, change)),
    )


def _none(incident: Incident, entries: Sequence[Entry]) -> Truth:
    return Truth(
        incident=False,
        severities=("SEV4",),
        change="",
        cause=CALLED_OFF,
        mitigations=(),
        within=WITHIN,
        explanation=_explanation(incident, entries, None),
    )


def _change(incident: Incident, entries: Sequence[Entry]) -> WeighedChange | None:
    """The change that a supported hypothesis blames; else one whose undoing ended it; else the likely one of the telemetry."""
    weighed = incident.confirmed.changes if incident.confirmed else ()
    blamed = [one.added.change for one in board_of(entries).standing(Standing.SUPPORTED) if one.added.change]
    by_id = {one.change_id: one for one in weighed}
    supported = [by_id[one] for one in blamed if one in by_id]
    likely = [one for one in weighed if one.verdict is ChangeVerdict.LIKELY]
    return next(iter([*supported, *undone(incident), *likely]), None)


def _rivals(incident: Incident, change: WeighedChange | None) -> Iterator[tuple[str, ...]]:
    """The words of each other change, without those that the one at fault has too."""
    own = {*_change_words(change)} if change else set()
    for one in incident.confirmed.changes if incident.confirmed else ():
        if change is None or one.change_id != change.change_id:
            yield tuple(word for word in _change_words(one) if word not in own)


def _change_words(one: WeighedChange) -> Iterator[str]:
    """By what people name a change: its id, title or flag, the version that its title ends with, whose it is."""
    yield from filter(None, (one.change_id, one.title, one.flag))
    versions = [word for word in one.title.split() if _VERSION.fullmatch(word)]
    if len(one.title.split()) > 1:
        yield from versions[-1:]
    if one.service:
        yield from (f"{one.kind} of {one.service}", f"{one.service} {one.kind}")


def _words(incident: Incident, change: WeighedChange | None) -> Iterator[str]:
    said = incident.confirmed
    if change:
        yield from _change_words(change)
        return
    for one in said.culprits[:1] if said else ():
        yield one.component or one.service
    if said and said.failure_class:
        yield str(said.failure_class.name).replace("_", " ")


def cause_on_record(incident: Incident, entries: Sequence[Entry]) -> str:
    """The mechanism in the words of the team; else the change or the first suspect of the last answer, as such; or that there is none."""
    if mechanism := written_parts(entries).get(Part.MECHANISM):
        return f"cause: {' '.join(mechanism.split())}"
    change = _change(incident, entries)
    assessed = change.name if change else ", ".join(_words(incident, None))
    return f"likely cause, as assessed: {assessed}" if assessed else "cause: not on record"


def _explanation(incident: Incident, entries: Sequence[Entry], change: WeighedChange | None) -> str:
    """The mechanism in the words of the team; else why it was resolved, with the change."""
    if mechanism := written_parts(entries).get(Part.MECHANISM):
        return " ".join(mechanism.split()).rstrip(".")
    why = next((e.payload.because for e in reversed(entries) if isinstance(e.payload, Resolved)), "")
    blamed = f"{change.name}: " if change else ""
    return f"{blamed}{why or incident.title}".rstrip(".")


def _chat(entries: Sequence[Entry], course: Course, truth: Truth) -> Iterator[ChatLine]:
    """Notes of the first minutes that do not give the cause or the fix away."""
    secret = [word.lower() for word in (*truth.cause, *truth.mitigations, truth.change) if word]
    for entry in entries:
        minutes = (entry.at - course.page).total_seconds() / 60
        if not isinstance(entry.payload, Noted) or minutes < 0 or entry.at >= course.turned:
            continue
        if entry.payload.text.startswith(f"{OF_FIX} "):
            continue  # a check of a fix shows that there is one
        if not any(word in entry.payload.text.lower() for word in secret):
            yield ChatLine(minutes, entry.actor, entry.payload.text)


def _good(incident: Incident, course: Course, truth: Truth) -> Iterator[GoodStep]:
    """The method with its times; then what was done in the incident itself."""
    if not truth.incident:
        yield GoodStep(2, "Run triage: no signal deviates from its baseline.")
        yield GoodStep(WITHIN, "Close it as not an incident, with the numbers. Change nothing.")
        return
    yield from by_the_method(truth.severities)
    yield GoodStep(WITHIN, f"Keep a snapshot, then one of: {', '.join(truth.mitigations)}. Verify it.")
    for one in incident.actions:
        minute = max(0.0, (one.begun_at - course.page).total_seconds() / 60)
        effect = f": {one.effect.effect.value.replace('_', ' ')}" if one.effect else ""
        yield GoodStep(minute, f"In the incident itself: {one.begun.what} {one.begun.target}{effect}.")
