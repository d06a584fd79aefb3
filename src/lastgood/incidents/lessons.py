"""Lessons folded from the record: late detection, no alert, silence, questions without an answer, and their opposites."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from lastgood.config import Postmortems
from lastgood.incidents.cadence import UNSURE, every
from lastgood.incidents.state import incident_of
from lastgood.model.action import Captured
from lastgood.model.answers import ChangeVerdict
from lastgood.model.entry import Entry, Frozen, SeveritySet, Triaged
from lastgood.model.incident import Incident
from lastgood.model.lesson import Lesson, Topic
from lastgood.model.message import Audience, Message, Rhythm, Updated, UpdateStatus
from lastgood.model.timeline import Lapse, Moment, Timeline

GRACE = timedelta(minutes=1)  # that an update may be late


def lessons(
    entries: Sequence[Entry], timeline: Timeline, limits: Postmortems, rhythm: Rhythm
) -> tuple[Lesson, ...]:
    """What went well and what could be better, as far as the record shows it; in the order of the incident."""
    incident = incident_of(entries)
    return (
        *_detection(timeline, limits.detect_minutes * 60),
        *_alert(incident, timeline, limits.detect_minutes * 60),
        *_severity(entries, incident, limits.severity_minutes * 60),
        *_change(incident),
        *_unmeasured(incident),
        *_mitigation(incident, timeline, limits.mitigate_minutes * 60),
        *_silence(entries, incident, limits.silence_minutes * 60),
        *_updates(entries, incident, every(incident, rhythm).total_seconds()),
        *_messages(entries, incident, rhythm),
        *_unanswered(incident),
        *_clock(timeline),
    )


def _detection(timeline: Timeline, limit: float) -> Iterator[Lesson]:
    seconds = timeline.seconds(Lapse.TTD)
    if seconds is not None:
        yield Lesson(Topic.DETECTION, seconds <= limit, seconds, limit)


def _alert(incident: Incident, timeline: Timeline, limit: float) -> Iterator[Lesson]:
    """Whether an alert rang before a person said so; nothing where no alerts are in the telemetry."""
    said, opened = incident.confirmed, timeline.of(Moment.OPENED)
    if said is None or said.alerts is None or opened is None or incident.confirmed_in is None:
        return
    cited = (incident.confirmed_in,)
    if said.first_alert is None:
        yield Lesson(Topic.ALERT, good=False, entries=cited)
        return
    ahead = (opened.at - said.first_alert.at).total_seconds()
    if ahead > limit:
        yield Lesson(Topic.UNHEARD, good=False, seconds=ahead, what=said.first_alert.name, entries=cited)
        return
    yield Lesson(Topic.ALERT, ahead >= 0, abs(ahead), what=said.first_alert.name, entries=cited)


def _severity(entries: Sequence[Entry], incident: Incident, limit: float) -> Iterator[Lesson]:
    first = next((entry for entry in entries if isinstance(entry.payload, SeveritySet)), None)
    if first is None:
        yield Lesson(Topic.SEVERITY, good=False, limit=limit)
        return
    seconds = max(0.0, (first.at - incident.opened_at).total_seconds())
    yield Lesson(Topic.SEVERITY, seconds <= limit, seconds, limit, entries=(first.sequence,))


def _change(incident: Incident) -> Iterator[Lesson]:
    changes = incident.confirmed.changes if incident.confirmed else ()
    likely = [one for one in changes if one.verdict is ChangeVerdict.LIKELY]
    if likely and incident.confirmed_in is not None:
        yield Lesson(
            Topic.CHANGE,
            good=True,
            what=likely[0].bare,
            entries=(incident.confirmed_in,),
        )


def _mitigation(incident: Incident, timeline: Timeline, limit: float) -> Iterator[Lesson]:
    """How long users were affected; unknown, where recovery was only said and not measured."""
    if timeline.seconds(Lapse.TTM) is None or incident.since is None or incident.ended_at is None:
        return
    if not incident.recovered:
        yield Lesson(Topic.RECOVERY, good=False)
        return
    seconds = max(0.0, (incident.ended_at - incident.since).total_seconds())
    yield Lesson(Topic.MITIGATION, seconds <= limit, seconds, limit)


def _unmeasured(incident: Incident) -> Iterator[Lesson]:
    """What was done, and never seen to work or not."""
    for action in incident.actions:
        if action.open:
            what = f"{action.begun.what} {action.begun.target}"
            yield Lesson(Topic.UNMEASURED, good=False, what=what, entries=(action.number,))


def _silence(entries: Sequence[Entry], incident: Incident, limit: float) -> Iterator[Lesson]:
    """The longest stretch between the opening and the end in which no one put anything on the record."""
    reported = (entry for entry in entries if not isinstance(entry.payload, Frozen | Triaged | Captured))
    yield from _longest(Topic.SILENCE, incident, reported, limit)


def _updates(entries: Sequence[Entry], incident: Incident, limit: float) -> Iterator[Lesson]:
    """The longest stretch between the opening and the end in which no one was sent anything."""
    reported = (entry for entry in entries if isinstance(entry.payload, Updated))
    yield from _longest(Topic.UPDATES, incident, reported, limit)


def _messages(entries: Sequence[Entry], incident: Incident, rhythm: Rhythm) -> Iterator[Lesson]:
    """Who got no update, who got one late, and who does not know that it is over."""
    sent: dict[Audience, list[tuple[Entry, Message]]] = {}
    for entry in entries:
        if isinstance(entry.payload, Updated):
            sent.setdefault(entry.payload.message.audience, []).append((entry, entry.payload.message))
    start = max(incident.opened_at, incident.severity_at or incident.opened_at)
    for rule in rhythm.notify:
        if (
            rule.severity is (incident.severity or UNSURE)
            and rule.audience not in sent
            and incident.status.over
        ):
            yield Lesson(
                Topic.UNREPORTED,
                good=False,
                limit=rule.within.total_seconds(),
                start=start,
                what=rule.audience,
            )
    for audience, mine in sent.items():
        yield from _promised(audience, mine, incident)


def _promised(
    audience: Audience, sent: Sequence[tuple[Entry, Message]], incident: Incident
) -> Iterator[Lesson]:
    """Each promise of a next update that was not kept, and an end that was not reported."""
    for (entry, message), then in zip(sent, (*sent[1:], None), strict=True):
        due, came = message.next_at, then[0] if then else None
        if due is None or (incident.resolved_at is not None and due >= incident.resolved_at):
            continue
        if came is not None and came.at - due > GRACE:
            late, numbers = (came.at - due).total_seconds(), (entry.sequence, came.sequence)
            yield Lesson(Topic.LATE, good=False, seconds=late, start=due, what=audience, entries=numbers)
        elif came is None and incident.status.over:
            yield Lesson(Topic.MISSED, good=False, start=due, what=audience, entries=(entry.sequence,))
    last, message = sent[-1]
    if incident.status.over and message.status is not UpdateStatus.RESOLVED:
        yield Lesson(Topic.UNREPORTED_END, good=False, what=audience, entries=(last.sequence,))


def _longest(topic: Topic, incident: Incident, reported: Iterable[Entry], limit: float) -> Iterator[Lesson]:
    """The longest gap between entries, from the opening until users were no longer affected, where it is too long."""
    start, end = incident.opened_at, incident.mitigated_at
    if end is None or end <= start:
        return
    times = sorted({start, end, *(entry.at for entry in reported if start <= entry.at <= end)})
    seconds, gap = max(((b - a).total_seconds(), (a, b)) for a, b in pairwise(times))
    if seconds > limit:
        yield Lesson(topic, good=False, seconds=seconds, limit=limit, start=gap[0], end=gap[1])


def _unanswered(incident: Incident) -> Iterator[Lesson]:
    if incident.confirmed and incident.confirmed_in is not None:
        for what in incident.confirmed.unknown:
            yield Lesson(Topic.UNANSWERED, good=False, what=what, entries=(incident.confirmed_in,))


def _clock(timeline: Timeline) -> Iterator[Lesson]:
    for one in timeline.backwards:
        then = one.then or one.first
        numbers = dict.fromkeys((one.first.entry.sequence, then.entry.sequence))
        yield Lesson(
            Topic.CLOCK, good=False, start=one.first.at, end=then.at if one.then else one.first.entry.written_at,
            what=f"{one.first.moment.value} {then.moment.value}" if one.then else one.first.moment.value,
            entries=tuple(numbers),
        )  # fmt: skip
