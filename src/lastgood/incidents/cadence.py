"""Cadence: when each audience must be informed next, and what status an update may have, folded from an incident."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lastgood.model.action import Action
from lastgood.model.answers import SeverityLevel
from lastgood.model.finding import Verdict
from lastgood.model.incident import Incident, Status
from lastgood.model.message import Audience, Due, Reported, Rhythm, UpdateStatus

PROMPTLY = timedelta(minutes=5)  # after a change of status
UNSURE = SeverityLevel.SEV2  # as long as the severity is not known: the higher of what it may be


def dues(incident: Incident, rhythm: Rhythm) -> tuple[Due, ...]:
    """What is owed to whom, the earliest first; nothing once it is closed, or everyone informed knows that it is over."""
    if incident.status is Status.CLOSED:
        return ()  # what was missed is the postmortem's
    owed = dict(_first(incident, rhythm))
    for reported in incident.reported:
        owed.pop(reported.audience, None)
        if (at := _again(incident, rhythm, reported)) is not None:
            owed[reported.audience] = at
    found = [Due(audience, at, incident.reported_to(audience)) for audience, at in owed.items()]
    return tuple(sorted(found, key=lambda due: due.at))


def every(incident: Incident, rhythm: Rhythm) -> timedelta:
    """How long an audience may wait for the next update."""
    return rhythm.every[incident.severity or UNSURE]


def next_update(sent: datetime, severity: SeverityLevel | None, rhythm: Rhythm) -> datetime:
    """When the next update is due after one that is sent at a time: a whole minute, as a message states it.

    Every draft takes its time from here, with an incident or without one.
    """
    usual = (sent + rhythm.every[severity or UNSURE]).replace(second=0, microsecond=0)
    return max(usual, sent.replace(second=0, microsecond=0) + timedelta(minutes=1))


def status_of(incident: Incident, *, supported: bool) -> UpdateStatus:
    """The status that an update has by itself; `supported` where a hypothesis is."""
    match incident.status:
        case Status.RESOLVED | Status.CLOSED:
            return UpdateStatus.RESOLVED
        case Status.MITIGATED:
            return UpdateStatus.MONITORING
        case Status.OPEN:
            return UpdateStatus.IDENTIFIED if supported else UpdateStatus.INVESTIGATING


def refused(incident: Incident, status: UpdateStatus, *, supported: bool) -> tuple[str, str] | None:
    """Why an update may not have a status, and what to do instead; None where it may."""
    if status is UpdateStatus.IDENTIFIED and not supported:
        return (
            "no hypothesis about the cause is supported",
            "Say Investigating, with what is suspected; or `lastgood hypothesis check`",
        )
    if incident.status.over and status is not UpdateStatus.RESOLVED:
        return "the incident is resolved", "If it is back: `lastgood incident reopen WHY`"
    if status is UpdateStatus.RESOLVED and (impact := _impact(incident)):
        return impact, "Measure again (`lastgood incident assess`), or set the status to Monitoring."
    if status is UpdateStatus.RESOLVED and not incident.status.over:
        return "the incident is not resolved on the record", "First: `lastgood incident resolve WHY`"
    if status is UpdateStatus.MONITORING and incident.status is Status.OPEN and not incident.ended_at:
        return (
            "nothing on the record has ended the impact",
            "First: `lastgood incident mitigated WHY`; or set the status to Identified.",
        )
    return None


def _impact(incident: Incident) -> str:
    """That users are affected, by the last measurement; empty where it is older than what ended the impact."""
    said, measured = incident.triaged, incident.triaged_at
    if said is None or measured is None or said.verdict is not Verdict.YES or said.ended is not None:
        return ""
    if incident.mitigated_at is not None and measured <= incident.mitigated_at:
        return ""
    if any(_recovered(action) > measured for action in incident.actions):
        return ""
    return f"impact is still measured, as of {measured:%H:%M} UTC: {said.because}"


def _recovered(action: Action) -> datetime:
    """When users were well by what was measured of an action; the earliest time where they were not."""
    stands = action.undone_by is None and not action.outlived
    if action.effect is None or not action.effect.effect.well or not stands:
        return datetime.min.replace(tzinfo=UTC)
    return max(filter(None, (action.done_at, action.effect.back)))


def _first(incident: Incident, rhythm: Rhythm) -> Iterator[tuple[Audience, datetime]]:
    if incident.status.over:
        return
    start = max(incident.opened_at, incident.severity_at or incident.opened_at)
    for rule in rhythm.notify:
        if rule.severity is (incident.severity or UNSURE):
            yield rule.audience, start + rule.within


def _again(incident: Incident, rhythm: Rhythm, reported: Reported) -> datetime | None:
    """When an audience that was informed is to be informed again: as promised, sooner after what it does not know yet."""
    over = reported.status is UpdateStatus.RESOLVED
    if over and incident.status.over:
        return None
    times = [] if over else [reported.next_at or reported.at + every(incident, rhythm)]
    if incident.severity_at and incident.severity_at > reported.at:
        times.append(incident.severity_at + every(incident, rhythm))
    if incident.status_at > reported.at:
        times.append(incident.status_at + PROMPTLY)
    return min(times, default=None)
