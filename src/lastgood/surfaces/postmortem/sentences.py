"""Sentences of a postmortem: what was found, learned and lacks, in words. Nothing is computed here."""

from datetime import UTC, datetime

from lastgood.model import figures
from lastgood.model.action import Action, Recovery
from lastgood.model.answers import Culprit, FailureClass, Impact, Segment, WeighedChange
from lastgood.model.failure import FailurePath
from lastgood.model.figures import multiple
from lastgood.model.hypothesis import Hypothesis
from lastgood.model.incident import Incident
from lastgood.model.lesson import Lesson, Topic
from lastgood.model.postmortem import Part
from lastgood.model.prediction import Outcome
from lastgood.model.timeline import Backwards, Counted, Event, Lapse, Moment, Uncounted
from lastgood.model.window import Window
from lastgood.surfaces import weighed, wording
from lastgood.surfaces.entries import entry_line
from lastgood.workbench.mechanism import Link, Role
from lastgood.workbench.postmortem import Budget
from lastgood.workbench.postmortem_check import Gap, Lack

PARTS = {
    Part.SUMMARY: "Summary",
    Part.IMPACT: "Impact",
    Part.MECHANISM: "Mechanism",
    Part.WENT_WELL: "What went well",
    Part.COULD_BE_BETTER: "What could be better",
    Part.LUCKY: "Where we were lucky",
    Part.LESSONS: "Lessons",
    Part.AGAIN: "Could it happen again next month?",
}
LAPSES = {
    Lapse.TTD: "time to detect",
    Lapse.TTA: "time to acknowledge",
    Lapse.TTM: "time to mitigate",
    Lapse.TTR: "time to resolve",
}
MOMENTS = {
    Moment.CHANGE: "change",
    Moment.ONSET: "onset",
    Moment.ALERTED: "first alert",
    Moment.OPENED: "detected",
    Moment.ACKNOWLEDGED: "acknowledged",
    Moment.SEVERITY: "severity",
    Moment.MITIGATED: "mitigated",
    Moment.ENDED: "recovered",
    Moment.RESOLVED: "resolved",
    Moment.REOPENED: "opened again",
    Moment.CLOSED: "closed",
    Moment.ENTRY: "",
}
ROLES = {
    Role.TRIGGER: "Suspected trigger",
    Role.JOINED: "How they go together",
    Role.CAUSE: "Suspected cause",
    Role.CLASS: "Kind of failure",
    Role.BREAK: "Where it broke",
    Role.SYMPTOM: "Symptom",
    Role.SPREAD: "Affected segment",
    Role.USERS: "Observed",
    Role.SUPPORTED: "Supported by checks",
    Role.REVERSED: "What ended it",
    Role.UNCREDITED: "What ended it is not shown",
}
_UNCOUNTED = {
    Uncounted.NO_ONSET: "not known: the telemetry does not show when it started",
    Uncounted.NOT_YET: "not yet",
    Uncounted.BACKWARDS: "not counted: its end is before its start",
}
_GAPS = {
    Gap.RECORD: ("The record fails its integrity check", "Nothing built on it can be accepted: `lastgood incident verify-record`"),
    Gap.NOT_OVER: ("The incident is not over", "When it is: `lastgood incident resolve WHY`"),
    Gap.IMPACT: ("The impact is empty", "Who could not do what, how many of them, for how long? `lastgood incident assess` measures it."),
    Gap.PARTLY_MEASURED: (
        "The impact was measured before the end of it",
        "Measure it again now that it has ended (`lastgood incident assess`), or write what is known: --section impact.",
    ),
    Gap.MECHANISM: (
        "The mechanism has no evidence",
        "What led to what, from the trigger to the users, and which entry shows each step? --section mechanism.",
    ),
    Gap.AGAIN: (
        "“Could it happen again next month?” is not answered",
        "If nothing else changes, what would make it happen again, and what stops it now? A yes or no needs its reason: --section again.",
    ),
    Gap.NO_FOLLOW_UP: (
        "There is no action item",
        "Which class of failure should be impossible, or caught sooner, after this? `lastgood actions add TEXT`",
    ),
    Gap.CARE: (
        "An action item asks people for care",
        "What in the system let it happen, or hid it, and would have caught it without anyone being careful?",
    ),
    Gap.BLAME: ("A person is blamed", ""),
}  # fmt: skip
# By topic and by whether it is good; the third is whether an alert or a decision is known at all.
_LESSONS = {
    (Topic.DETECTION, True, False): "First reported {took} after the onset.",
    (Topic.DETECTION, False, False): "First reported {took} after the onset{limit}: what could have alerted us sooner?",
    (Topic.ALERT, True, True): "The alert {what} fired {took} before the incident was opened.",
    (Topic.ALERT, False, True): "A person saw it before the first alert, {what}, which fired {took} later: what should have alerted?",
    (Topic.ALERT, False, False): "No alert fired: a person had to see it. What should have alerted?",
    (Topic.UNHEARD, False, False): "The alert {what} fired {took} before the incident was opened: who received it, and what did it ask of them?",
    (Topic.SEVERITY, True, True): "A severity was decided {took} after the opening.",
    (Topic.SEVERITY, True, False): "A severity was decided at the opening.",
    (Topic.SEVERITY, False, True): "A severity was decided only {took} after the opening{limit}: who may decide it, and on which numbers?",
    (Topic.SEVERITY, False, False): "No severity was decided: who may decide it, and on which numbers?",
    (Topic.MITIGATION, True, False): "Users were no longer affected {took} after the onset.",
    (Topic.MITIGATION, False, False): "Users were affected for {took}{limit}: what would have been quicker?",
    (Topic.RECOVERY, False, False): "No measurement shows that users recovered: what would have shown it?",
    (Topic.SILENCE, False, False): "Nothing was recorded for {took}, from {start} to {end} UTC{limit}: what was tried, and who was informed?",
    (Topic.UPDATES, False, False): "No update for {took}, from {start} to {end} UTC{limit}.",
    (Topic.UNREPORTED, False, False): "No update was sent to {what}{limit}.",
    (Topic.LATE, False, False): "The update to {what} due at {start} UTC was sent {took} late (entries {entries}).",
    (Topic.MISSED, False, False): "The update to {what} due at {start} UTC was never sent (entry {entries}).",
    (Topic.UNREPORTED_END, False, False): "No update to {what} reports that the incident has ended (last one: entry {entries}).",
    (Topic.UNANSWERED, False, False): "The telemetry could not answer: {what}.",
    (Topic.UNMEASURED, False, False): "The effect was not measured: {what} (entry {entries}).",
    (Topic.CHANGE, True, False): "The change was recorded and was ranked as likely: {what}.",
    (Topic.CLOCK, False, False): "Times contradict each other (entries {entries}): see below the timeline.",
}  # fmt: skip


def instant(time: datetime) -> str:
    """`2026-11-20 14:45:30`: absolute, in UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def stretch(window: Window) -> str:
    """`2026-11-20 14:45:30 to 15:16:00 UTC (30 min)`."""
    return f"{instant(window.start)} to {figures.clock(window.end, window.start)} UTC ({figures.duration(window.seconds)})"


def since_line(incident: Incident) -> str:
    """`since 2026-11-20 14:45:30 UTC, end unknown`; where a person recorded an end, that it was not measured."""
    if incident.since is None:
        return "start unknown"
    return f"since {instant(incident.since)} UTC, {unmeasured_end(incident) or 'end unknown'}"


def unmeasured_end(incident: Incident) -> str:
    """`resolved by hand at …, recovery not measured`, with the command that would measure; empty where it was, or goes on."""
    at = incident.resolved_at or incident.mitigated_at
    if at is None or incident.recovered:
        return ""
    what = "resolved" if incident.resolved_at else "mitigated"
    if incident.resolution is not None and incident.resolution.recovery is Recovery.FAILING:
        return f"{what} by hand at {instant(at)} UTC, while {incident.resolution.measured} ({incident.resolution.despite})"
    how = "verify" if incident.actions else "incident assess"
    despite = incident.resolution.despite if incident.resolution is not None else ""
    return (
        f"{what} by hand at {instant(at)} UTC{f' ({despite})' if despite else ''}, recovery not measured "
        f"(to measure it: lastgood {how} --incident {incident.number})"
    )


def counted(one: Counted) -> str:
    """`30 min`, or why it is not known."""
    return (
        figures.duration(one.seconds) if one.seconds is not None else _UNCOUNTED[one.why or Uncounted.NOT_YET]
    )


def event_line(event: Event) -> str:
    """What happened: `deploy payments v2.46.0`, `users start to be affected`, or the words of the entry."""
    match event.moment, event.reported:
        case Moment.CHANGE, WeighedChange() as change:
            return change_words(change)
        case Moment.ONSET, _:
            return f"users start to be affected{_interval(event)}"
        case Moment.ALERTED, reported if reported is not None and not isinstance(reported, WeighedChange):
            return f"alert {reported.name}{f' of {reported.service}' if reported.service else ''}"
        case Moment.ENDED, _:
            return "back at the usual level, by the telemetry"
        case Moment.ENTRY, _:
            return entry_line(event.entry)
        case _:  # the moment is named beside it
            return entry_line(event.entry).removeprefix(event.entry.kind).lstrip(": ")


def _interval(event: Event) -> str:
    if event.low is None or event.high is None or event.low == event.high:
        return ""
    return f" (between {figures.clock(event.low, event.at)} and {figures.clock(event.high, event.at)})"


def event_who(event: Event) -> str:
    """Who says so: a person, or the telemetry."""
    return event.entry.actor if event.moment not in _SEEN else "telemetry"


_SEEN = frozenset({Moment.CHANGE, Moment.ONSET, Moment.ALERTED, Moment.ENDED})


def backwards_line(one: Backwards) -> str:
    """Which times contradict each other."""
    first = MOMENTS[one.first.moment] or f"entry {one.first.entry.sequence}"
    if one.then is None:
        return (
            f"{first} is dated {instant(one.first.at)} UTC, later than it was written, "
            f"{instant(one.first.entry.written_at)} UTC (entry {one.first.entry.sequence})"
        )
    then = MOMENTS[one.then.moment]
    return (
        f"{then} is dated {instant(one.then.at)} UTC, before {first}, {instant(one.first.at)} UTC "
        f"(entries {one.then.entry.sequence} and {one.first.entry.sequence})"
    )


def change_words(change: WeighedChange) -> str:
    """`third party Stripe: 3DS response format (stripe-1)`."""
    return f"{change.name} ({change.change_id})" if change.title else change.name


def link_line(link: Link, measured: Window | None) -> str:
    """One link of the mechanism."""
    match link.found:
        case WeighedChange() as change:
            return f"{change_words(change)}, {instant(change.at)} UTC: {'; '.join(change.for_it) or change.verdict.value}"
        case Culprit() as culprit:
            return f"{weighed.culprit_name(culprit)}: {culprit.because}"
        case FailureClass() as found:
            return wording.class_line(found)
        case FailurePath() as path:
            good = f"{path.last_good} → {path.first_bad}" if path.last_good else path.first_bad
            return f"{good}: {wording.agreed(path, kind=True)}"
        case Segment() as segment:
            return wording.segment_line(segment, "failures")
        case Impact() as impact:
            return wording.impact_line(impact, measured.seconds if measured else None, over=True)
        case Hypothesis() as one:
            held = sum(result.checked.outcome is Outcome.SUPPORTED for result in one.results)
            return f"{one.added.text}: {held} of {figures.counted(len(one.results), 'check')} support it"
        case Action() as action:
            because = action.effect.because if action.effect else "not measured"
            return f"{wording.plain(action.begun.what)} {action.begun.target}, {instant(action.begun_at)} UTC: {because}"
        case str() as template:
            return template


def budget_line(budget: Budget) -> str:
    """`33 % of the error budget (99.9 % over 30 days)`, with how it is counted."""
    whose = f"{budget.service}'s " if budget.service else "the "
    return (
        f"{figures.percent(budget.burnt) if budget.burnt <= 1 else multiple(budget.burnt)} {'of ' if budget.burnt <= 1 else ''}"
        f"{whose}error budget of {budget.days} days at {budget.target:g}{figures.NBSP}%, in the time measured and at its traffic"
    )


def lesson_line(lesson: Lesson) -> str:
    """What went well, or a suggestion of what could be better."""
    known = lesson.what if lesson.topic is Topic.ALERT else ""
    return _LESSONS[
        lesson.topic, lesson.good, bool(known or (lesson.topic is Topic.SEVERITY and lesson.seconds))
    ].format(
        took=figures.duration(lesson.seconds or 0),
        limit=f" ({figures.duration(lesson.limit)} wanted)" if lesson.limit is not None else "",
        what=lesson.what,
        start=instant(lesson.start) if lesson.start else "",
        end=figures.clock(lesson.end, lesson.start or lesson.end) if lesson.end else "",
        entries=wording.listed(map(str, lesson.entries)),
    )


def lack_lines(lack: Lack) -> tuple[str, str]:
    """What is missing, and what to ask or do instead."""
    what, question = _GAPS[lack.gap]
    part = f" in “{PARTS[lack.part]}”" if lack.gap is Gap.BLAME and lack.part else ""
    words = f": {lack.words}" if lack.words else ""
    return f"{what}{part}{words}", lack.question or question


def lack_document(lack: Lack) -> dict[str, str | None]:
    """The same as JSON values."""
    what, question = lack_lines(lack)
    part = lack.part.value if lack.part else None
    return {"gap": lack.gap.value, "section": part, "what": what, "question": question}
