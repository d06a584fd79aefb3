"""State: an incident folded from its entries."""

from collections.abc import Iterable
from dataclasses import replace

from lastgood.incidents.actions_taken import actions_after
from lastgood.model.action import ActionBegun, ActionEnded, Captured, EffectMeasured
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import (
    Acknowledged,
    Entry,
    Frozen,
    HandedOver,
    Mitigated,
    Noted,
    Opened,
    Reopened,
    Resolved,
    SeveritySet,
    Triaged,
    Unread,
)
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved
from lastgood.model.hypothesis import (
    HypothesisAdded,
    HypothesisChecked,
    HypothesisReopened,
    HypothesisRuledOut,
)
from lastgood.model.incident import Incident, Status
from lastgood.model.message import Delivered, Message, Notified, Quoted, Reported, Updated
from lastgood.model.postmortem import Accepted, Closed, Written
from lastgood.model.team import Joined

# After these a postmortem says something else than what was accepted.
_REVISING = (Written, Triaged, SeveritySet, Mitigated, Resolved, Reopened, FollowUpAdded)


def incident_of(entries: Iterable[Entry]) -> Incident:
    """The incident that entries come to, in the order of their sequence; the first one opens it.

    Raises:
        ValueError: there are no entries, or the first does not open an incident.
    """
    folded, last = None, 0
    for entry in entries:
        folded, last = _first(entry) if folded is None else _after(folded, entry), entry.sequence
    if folded is None:
        raise ValueError("An incident has at least the entry that opened it.")
    return replace(folded, entries=last)


def _first(entry: Entry) -> Incident:
    match entry.payload:
        case Opened() as opened:
            return _opened(entry, opened)
        case _:
            raise ValueError(f"An incident begins by being opened, not by {entry.kind}.")


def _opened(entry: Entry, opened: Opened) -> Incident:
    return Incident(
        number=entry.incident,
        opened=opened,
        status=Status.OPEN,
        opened_at=entry.at,
        opened_by=entry.actor,
        acknowledged_at=None,
        acknowledged_by=None,
        severity=None,
        severity_decided=False,
        severity_because="",
        severity_at=None,
        triaged=None,
        triaged_at=None,
        confirmed=None,
        confirmed_in=None,
        mitigated_at=None,
        resolved_at=None,
        closed_at=None,
        accepted_at=None,
        status_at=entry.at,
        reported=(),
        entries=entry.sequence,
    )


def _after(now: Incident, entry: Entry) -> Incident:
    if isinstance(entry.payload, _REVISING):
        now = replace(now, accepted_at=None)
    match entry.payload:
        case Triaged() as said:
            return _triaged(now, said, entry)
        case SeveritySet(level, because):
            now = _severe(now, level, because, entry)
            return replace(now, severity_decided=True)
        case Acknowledged() | HandedOver() as taken:
            return _led(now, taken, entry)
        case Mitigated():
            at = now.well_by(entry.at)
            return replace(now, status=Status.MITIGATED, mitigated_at=at, status_at=entry.at)
        case Resolved():
            return _resolved(replace(now, resolution=entry.payload), entry)
        case Reopened():
            return replace(
                now,
                status=Status.OPEN,
                triaged=_back(now.triaged),
                confirmed=_back(now.confirmed),
                mitigated_at=None,
                resolved_at=None,
                closed_at=None,
                resolution=None,
                status_at=entry.at,
                actions=tuple(replace(a, outlived=a.effect is not None) for a in now.actions),
            )
        case Accepted():
            return replace(now, accepted_at=entry.at)
        case Closed():
            return replace(now, status=Status.CLOSED, closed_at=entry.at)
        case ActionBegun() | ActionEnded() | EffectMeasured():
            now = replace(now, actions=actions_after(now.actions, entry))
            return replace(now, mitigated_at=now.mitigated_at and now.well_by(now.mitigated_at))
        case Updated(message):
            return _reported(now, message, entry)
        case (
            Opened() | Frozen() | Captured() | Noted() | Joined() | Delivered() | Notified() | Quoted() | Unread()
            | Written() | FollowUpAdded() | FollowUpMoved()
            | HypothesisAdded() | HypothesisChecked() | HypothesisRuledOut() | HypothesisReopened()
        ):  # fmt: skip
            return now


def _back(said: Triaged | None) -> Triaged | None:
    """What a sitrep saw, without an end: users are affected again since."""
    return said and replace(said, ended=None)


def _resolved(now: Incident, entry: Entry) -> Incident:
    """Whoever resolves it without saying when it was mitigated means both, unless a measurement says when.

    The same where users were measured to be affected after what was said.
    """
    at = now.mitigated_at
    if at is None or now.affected_after(at) or (now.resolution and now.resolution.since):
        at = now.well_by(entry.at)
    return replace(now, status=Status.RESOLVED, resolved_at=entry.at, mitigated_at=at, status_at=entry.at)


def _led(now: Incident, taken: Acknowledged | HandedOver, entry: Entry) -> Incident:
    """The first one to acknowledge it leads, until it is handed over."""
    if isinstance(taken, HandedOver):
        return replace(now, lead=taken.to)
    if now.acknowledged_at is not None:
        return now
    return replace(now, acknowledged_at=entry.at, acknowledged_by=taken.by, lead=now.lead or taken.by)


def _triaged(now: Incident, said: Triaged, entry: Entry) -> Incident:
    """A person's severity stands; a proposal of none leaves the one before."""
    now = replace(now, triaged=said, triaged_at=entry.at)
    if said.verdict is Verdict.YES:
        now = replace(now, confirmed=said, confirmed_in=entry.sequence)
    if now.severity_decided or said.severity is None:
        return now
    return _severe(now, said.severity, said.severity_because, entry)


def _severe(now: Incident, level: SeverityLevel, because: str, entry: Entry) -> Incident:
    """The clock of a severity runs from when it became that one."""
    since = now.severity_at if level is now.severity else entry.at
    return replace(now, severity=level, severity_because=because, severity_at=since)


def _reported(now: Incident, message: Message, entry: Entry) -> Incident:
    reported = Reported(message.audience, message.status, entry.at, message.next_at)
    others = (one for one in now.reported if one.audience is not message.audience)
    return replace(now, reported=(*others, reported))
