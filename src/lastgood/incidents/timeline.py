"""The timeline folded from entries: events of people and of the telemetry in one order, and how long it took."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lastgood.incidents.state import incident_of
from lastgood.model.action import Captured
from lastgood.model.entry import (
    Acknowledged,
    Entry,
    Frozen,
    Mitigated,
    Opened,
    Reopened,
    Resolved,
    SeveritySet,
    Triaged,
)
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved
from lastgood.model.hypothesis import HypothesisAdded
from lastgood.model.incident import Incident
from lastgood.model.message import Delivered
from lastgood.model.postmortem import Accepted, Closed, Written
from lastgood.model.timeline import Backwards, Counted, Event, Lapse, Moment, Timeline, Uncounted

_SKEW = timedelta(minutes=1)  # clocks of two machines may differ so much before it is worth saying
_MOMENTS = {
    Opened: Moment.OPENED,
    Acknowledged: Moment.ACKNOWLEDGED,
    SeveritySet: Moment.SEVERITY,
    Mitigated: Moment.MITIGATED,
    Resolved: Moment.RESOLVED,
    Reopened: Moment.REOPENED,
    Closed: Moment.CLOSED,
}
# Of no event: evidence, and what is written about the incident once it is over; nor are hypotheses that the
# sitrep proposes by itself.
_UNREPORTED = (Frozen, Captured, Delivered, Written, Accepted, FollowUpAdded, FollowUpMoved)
_OF_TELEMETRY = frozenset({Moment.CHANGE, Moment.ONSET, Moment.ALERTED, Moment.ENDED})
_ORDER = (
    (Moment.ONSET, Moment.ALERTED),
    (Moment.ONSET, Moment.OPENED),
    (Moment.OPENED, Moment.ACKNOWLEDGED),
    (Moment.ONSET, Moment.MITIGATED),
    (Moment.MITIGATED, Moment.RESOLVED),
)


def timeline_of(entries: Sequence[Entry]) -> Timeline:
    """What happened, the earliest first; of what happened at once, in the order of the record.

    Raises:
        ValueError: there are no entries, or the first does not open an incident.
    """
    incident = incident_of(entries)
    events = (*_seen(incident, entries), *_recorded(entries))
    ends = {event.moment: event for event in events if event.key}  # of several the last that was recorded
    if incident.mitigated_at is not None:
        # whoever resolves it means both, unless a measurement says when
        stated = ends.get(Moment.MITIGATED) or ends[Moment.RESOLVED]
        ends[Moment.MITIGATED] = replace(stated, at=incident.mitigated_at)
    if incident.mitigated_at is None:  # it was opened again
        ends.pop(Moment.MITIGATED, None)
    if incident.resolved_at is None:
        ends.pop(Moment.RESOLVED, None)
    return Timeline(
        tuple(sorted(events, key=lambda event: event.at)),
        (
            _counted(Lapse.TTD, ends.get(Moment.ONSET), ends.get(Moment.OPENED)),
            _counted(Lapse.TTA, ends.get(Moment.OPENED), ends.get(Moment.ACKNOWLEDGED)),
            _counted(Lapse.TTM, ends.get(Moment.ONSET), ends.get(Moment.MITIGATED)),
            _counted(Lapse.TTR, ends.get(Moment.ONSET), ends.get(Moment.RESOLVED)),
        ),
        (*_out_of_order(ends), *_ahead_of_writing(events)),
    )


def _recorded(entries: Sequence[Entry]) -> Iterator[Event]:
    """What people and the tool did. Only the first to take it on counts."""
    taken = False
    for entry in entries:
        proposed = isinstance(entry.payload, HypothesisAdded) and entry.payload.about
        if proposed or isinstance(entry.payload, _UNREPORTED):
            continue
        moment = _MOMENTS.get(type(entry.payload), Moment.ENTRY)
        if moment is Moment.ACKNOWLEDGED and taken:
            moment = Moment.ENTRY
        taken = taken or moment is Moment.ACKNOWLEDGED
        yield Event(entry.at, moment, entry)


def _seen(incident: Incident, entries: Sequence[Entry]) -> Iterator[Event]:
    """What the telemetry showed, as of the last answer that saw users affected."""
    said = incident.confirmed
    if said is None or incident.confirmed_in is None:
        return
    entry = next(entry for entry in entries if entry.sequence == incident.confirmed_in)
    for change in said.changes:
        yield Event(change.at, Moment.CHANGE, entry, reported=change)
    if said.since is not None:
        yield Event(said.since, Moment.ONSET, entry, said.since_low, said.since_high)
    if said.first_alert is not None:
        yield Event(said.first_alert.at, Moment.ALERTED, entry, reported=said.first_alert)
    if isinstance(entry.payload, Triaged) and entry.payload.ended is not None:  # also if it was opened again
        yield Event(entry.payload.ended, Moment.ENDED, entry)


def _counted(lapse: Lapse, start: Event | None, end: Event | None) -> Counted:
    began, ended = start.at if start else None, end.at if end else None
    if start is None:
        return Counted(lapse, began, ended, None, Uncounted.NO_ONSET)
    if end is None:
        return Counted(lapse, began, ended, None, Uncounted.NOT_YET)
    if end.at < _earliest(start):
        return Counted(lapse, began, ended, None, Uncounted.BACKWARDS)
    # Within the interval of an estimated start it is no time at all.
    return Counted(lapse, began, ended, max(0.0, (end.at - start.at).total_seconds()))


def _earliest(event: Event) -> datetime:
    return min(event.at, event.low or event.at)


def _out_of_order(ends: dict[Moment, Event]) -> Iterator[Backwards]:
    for first, then in _ORDER:
        if first in ends and then in ends and ends[then].at < _earliest(ends[first]):
            yield Backwards(ends[first], ends[then])


def _ahead_of_writing(events: Sequence[Event]) -> Iterator[Backwards]:
    for event in events:
        if event.moment not in _OF_TELEMETRY and event.at - event.entry.written_at > _SKEW:
            yield Backwards(event, None)
