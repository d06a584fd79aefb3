"""Entries in words: one line for each thing that is on the record."""

from collections.abc import Iterable, Iterator

from lastgood.model import figures
from lastgood.model.action import ActionBegun, ActionEnded, Captured, EffectMeasured, Recovery
from lastgood.model.answers import WeighedChange
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
from lastgood.model.message import Delivered, Notified, Occasion, Quoted, Updated
from lastgood.model.postmortem import Accepted, Closed, Written
from lastgood.model.team import Joined
from lastgood.surfaces import actions, hypotheses, numbers, weighed
from lastgood.surfaces.wording import PLAIN

WRITTEN_LATE = 60  # seconds from which it is worth saying

_SAID = {
    Verdict.YES: "the telemetry confirms it",
    Verdict.NO: "the telemetry does not show it",
    Verdict.UNKNOWN: "the telemetry does not decide",
}


def entry_line(entry: Entry) -> str:
    """What happened, in one line: `severity SEV2: a third of orders fail`."""
    match entry.payload:
        case Opened(title):
            return f"opened: {title}"
        case Triaged():
            return _triaged(entry.payload)
        case Frozen(claim=claim, rows=rows):
            return (
                f"evidence {numbers.evidence(entry.sequence)} kept, {figures.counted(rows, 'row')}: {claim}"
            )
        case Noted(text):
            return text
        case Joined(role):
            return f"joined as {role}"
        case HandedOver(to, because=because):
            return f"lead handed over to {to}{f': {because}' if because else ''}"
        case Acknowledged(by):
            return f"acknowledged by {by}"
        case SeveritySet(level, because):
            return f"severity {level}: {because}"
        case Mitigated(because) | Resolved(because) | Reopened(because):
            return f"{entry.kind}: {because}{_measured(entry.payload)}"
        case Written() | Accepted() | Closed() as paper:
            return _paper_line(paper)
        case FollowUpAdded(text, owner, due):
            return f"follow-up for {owner} by {due}: {text}"
        case FollowUpMoved(number, to, because):
            return f"follow-up {number} {to.value}: {because}"
        case ActionBegun() as begun:
            return actions.begun_line(begun)
        case ActionEnded(number, run):
            return f"action {number} {actions.run_line(run)}"
        case EffectMeasured(number, because=because) as measured:
            return f"action {number}: {actions.EFFECTS[measured.effect]}: {because}"
        case Captured(name, run=run):
            return f"before acting: {name} {actions.run_line(run)}"
        case Updated(message, text, overridden, because):
            against = f"; sent against the check, because {because}" if overridden else ""
            return f"update to {message.audience}: {' · '.join(text.splitlines()[:1])}{against}"
        case Delivered() | Notified() | Quoted() as stated:
            return told_line(stated)
        case (
            HypothesisAdded() | HypothesisChecked() | HypothesisRuledOut() | HypothesisReopened() as reported
        ):
            return hypotheses.reported_line(reported)
        case Unread(kind):
            return f"{kind}: written by a newer version"


def _paper_line(paper: Written | Accepted | Closed) -> str:
    match paper:
        case Written(part, text):
            return f"postmortem, {part.value.replace('-', ' ')}: {' '.join(text.split())}"
        case Accepted():
            return "the postmortem is accepted"
        case Closed(because, without_postmortem):
            return f"closed{' without a postmortem' if without_postmortem else ''}: {because}"


def _measured(payload: Mitigated | Resolved | Reopened) -> str:
    return f"; {recovery_line(payload)}" if isinstance(payload, Resolved) else ""


def recovery_line(resolved: Resolved) -> str:
    """`recovery measured: failures of …`; that users were still affected; or that it was not measured, and why.

    Where a person gave a reason to record it all the same, with that reason.
    """
    recorded = f"; recorded because {resolved.despite}" if resolved.despite else ""
    about = f": {resolved.measured}" if resolved.measured else ""
    found = {
        Recovery.RECOVERED: "recovery measured",
        Recovery.FAILING: "users were still affected",
        Recovery.UNMEASURED: "recovery not measured",
    }[resolved.recovery]
    return f"{found}{about}{recorded}"


def timeline_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A line for each entry; the time of writing is added where it is another than that of the event."""
    for entry in entries:
        late = (entry.written_at - entry.at).total_seconds()
        written = f" (written {figures.stamp(entry.written_at)})" if abs(late) > WRITTEN_LATE else ""
        at = figures.stamp(entry.at.replace(microsecond=0))
        yield f"entry {entry.sequence:<4} {at}  {entry.actor}: {entry_line(entry)}{written}".translate(PLAIN)


def change_name(change: WeighedChange) -> str:
    """`likely: deploy payments v2.46.0`."""
    return f"{change.verdict.value}: {change.name}"


def told_line(stated: Delivered | Notified | Quoted) -> str:
    """`update 9 delivered to chat: answered 200`, `page sent to duty: answered 202`, `kim in Slack: it is back`."""
    match stated:
        case Notified(recipient, how):
            return f"{recipient} notified{f', {how}' if how else ''}"
        case Quoted(author, text, program):
            return f"{author} in {program.title()}: {' '.join(text.split())}"
        case Delivered(update, sink, arrived, detail, Occasion.UPDATE):
            return f"update {update} {'delivered to' if arrived else 'not delivered to'} {sink}: {detail}"
        case Delivered(sink=sink, arrived=arrived, detail=detail, what=what, reference=reference):
            ticket = f" {reference}" if what is Occasion.TICKET and arrived else ""
            return f"{_HANDED[what]}{ticket} {'sent to' if arrived else 'not sent to'} {sink}: {detail}"


_HANDED = {
    Occasion.PAGE: "page",
    Occasion.CLEAR: "end of the page",
    Occasion.TICKET: "ticket",
    Occasion.CHANGE: "change",
}


def _triaged(said: Triaged) -> str:
    names = [*map(weighed.culprit_name, said.culprits[:1]), *map(change_name, said.changes[:1])]
    return f"{_SAID[said.verdict]}: {said.because}" + (f"; suspected: {'; '.join(names)}" if names else "")
