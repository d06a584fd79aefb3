"""Verify: what an action did to those who were hurt, against its target, on the record with what that rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lastgood.inspections.log_patterns import log_patterns
from lastgood.inspections.verify import verify as did_it_work
from lastgood.model.action import Action, Credit, Deed, Effect, EffectMeasured, Nearby
from lastgood.model.answers import ActionEffect, Intervention, PatternChanges
from lastgood.model.entry import Triaged
from lastgood.model.finding import Finding, Verdict
from lastgood.model.prediction import Checked, Outcome
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Reader, Rows
from lastgood.workbench.evidence import Seen, frozen
from lastgood.workbench.investigate import answer, case_about
from lastgood.workbench.predictions import Result, Scene, check, measuring_of, written
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store

SETTLING = timedelta(minutes=2)  # until it is looked at, where nobody says how long it takes
LONGEST = timedelta(hours=1)  # before it and after it, that is compared
SHORT = timedelta(minutes=3)  # in which a target is looked at, beside the action
SOONEST = timedelta(minutes=1)  # until it is worth looking again
TARGET = "Is the target reached?"


@dataclass(frozen=True, slots=True)
class _Times:
    """What is compared: the good window, the bad one before the action, and the time after it could have worked."""

    good: Window
    before: Window
    after: Window  # the first of it
    all_after: Window


@dataclass(frozen=True, slots=True)
class _Not:
    """Why nothing can be compared."""

    effect: Effect
    because: str
    look_again: datetime | None = None


def verify(room: Room, store: Store, action: Action) -> EffectMeasured:
    """The effect of an action as of now; it, and what it rests on, are in the record.

    Raises:
        RecordFailedError: it could not be written.
    """
    seen = Seen()
    holdings, reader = replace(store, watch=seen).survey()
    times = _times(room, action, holdings)
    if isinstance(times, _Not):
        measured = EffectMeasured(action.number, times.effect, times.because, look_again=times.look_again)
        return _recorded(room, measured)
    measured = _counted(room, action, (holdings, reader), times, seen)
    if times.all_after != times.after and not measured.effect.well:
        later = replace(times, after=times.all_after)
        measured = _later(measured, _counted(room, action, (holdings, reader), later, seen))
    measured = _unless_followed(measured, room, action)
    if action.begun.effect:
        checked, evidence, credit = _target(action, store, times, measured)
        credit = _beside(credit, room, action)
        measured = _against(measured, checked, credit, room.now)
        for rows in evidence:
            room.append(frozen(room.record, rows, f"{checked.prediction}: {checked.because}", TARGET))
    return _recorded(room, measured)


def _done(room: Room, action: Action, times: _Times) -> Intervention:
    """What the question is told of the action, and of the others on the record."""
    said = _seen_before(room, action)
    others = (one for one in room.incident.actions if one.number != action.number and one.started)
    deed = Deed(
        _name(action),
        works_by(action),
        action.begun.minutes is not None,
        tuple(
            Nearby(f"{_name(one)} (action {one.number})", Window(one.begun_at, works_by(one)))
            for one in others
        ),
    )
    return Intervention(times.before, said.impact.kind if said and said.impact else None, deed)


def _name(action: Action) -> str:
    return f"{action.begun.what.replace('_', ' ')} {action.begun.target}"


def works_by(action: Action) -> datetime:
    """The end of its time to effect: what is said of it may be off by as much again."""
    takes = _settling(action)
    return action.done_at + takes + max(takes, SETTLING)


def _counted(
    room: Room, action: Action, survey: tuple[Holdings, Reader], times: _Times, seen: Seen
) -> EffectMeasured:
    """The effect on those who were hurt, with what it rests on in the record."""
    (holdings, reader), done = survey, _done(room, action, times)
    comparison = Comparison(times.good, times.after, given=True)
    case = case_about(reader, holdings, comparison, room.now, done)
    finding = _asked(case, _new_patterns(case, times))
    seen.cite(room, finding.because, finding.question, finding.evidence)
    return _measured(action, finding, times, room.now)


def _later(first: EffectMeasured, whole: EffectMeasured) -> EffectMeasured:
    """What the first hour says of it, unless users are well since: a late return says more than that they were not."""
    if not first.effect.credited and whole.effect.credited:
        return replace(whole, effect=whole.effect.by(Credit.UNCLEAR), credit=Credit.UNCLEAR)
    return whole if whole.effect.well or whole.effect is Effect.IMPROVING_UNCREDITED else first


def _unless_followed(measured: EffectMeasured, room: Room, action: Action) -> EffectMeasured:
    """No effect is not claimed of an action that was followed by another before its time to effect was over."""
    following = [a.begun_at for a in room.incident.actions if a.number > action.number and a.started]
    if measured.effect is not Effect.NO_EFFECT or not following or min(following) > works_by(action):
        return measured
    told = f"another action began at {min(following):%H:%M:%S} UTC, before its time to effect was over"
    return replace(measured, effect=Effect.NO_DATA, because=f"{told}; {measured.because}")


def _recorded(room: Room, measured: EffectMeasured) -> EffectMeasured:
    room.append(measured)
    return measured


def _times(room: Room, action: Action, holdings: Holdings) -> _Times | _Not:
    """The windows, or why there are none yet or at all."""
    said = _seen_before(room, action)
    if said is None or said.comparison is None:
        return _Not(Effect.NO_DATA, "no sitrep has seen users hurt, so there is nothing to compare with")
    before = _before(said, room, action)
    if before is None:
        return _Not(Effect.NO_DATA, "it was done before users were hurt, or right after another action")
    held = holdings.telemetry_window
    if held is None:
        return _Not(Effect.NO_DATA, "there are no logs, spans or metrics")
    begins = action.done_at + _settling(action)
    following = [a.begun_at for a in room.incident.actions if a.number > action.number and a.started]
    ends = min([room.now, held.end, *following])
    if ends > begins:
        first = Window(begins, min(ends, begins + LONGEST))
        return _Times(said.comparison.good, before, first, Window(begins, ends))
    return _not_yet(room.now, begins, held.end, following)


def _not_yet(now: datetime, begins: datetime, data_end: datetime, following: list[datetime]) -> _Not:
    """Why there is no time after it: it is too early, another action came between, or the data end."""
    if now <= begins:
        told = f"it takes until {begins:%H:%M:%S} UTC to work"
        return _Not(Effect.TOO_EARLY, told, begins + SOONEST)
    if following and min(following) <= begins:
        return _Not(Effect.NO_DATA, "another action began before it could have worked")
    told = f"the data end at {data_end:%H:%M:%S} UTC, and it could have worked from {begins:%H:%M:%S} UTC on"
    return _Not(Effect.NO_DATA, told)


def _seen_before(room: Room, action: Action) -> Triaged | None:
    """The last sitrep before it that saw users hurt; where there is none, the last of all: what comes later has other windows."""
    told = [
        entry.payload
        for entry in room.entries
        if entry.sequence < action.number
        and isinstance(entry.payload, Triaged)
        and entry.payload.verdict is Verdict.YES
        and entry.payload.comparison is not None
    ]
    return told[-1] if told else room.incident.confirmed


def _before(said: Triaged, room: Room, action: Action) -> Window | None:
    """The bad time before it, since the action before that could have worked."""
    if said.comparison is None:
        return None
    earlier = [a.done_at for a in room.incident.actions if a.number < action.number and a.started]
    begins = max([said.comparison.bad.start, action.begun_at - LONGEST, *earlier])
    return Window(begins, action.begun_at) if begins < action.begun_at else None


def _settling(action: Action) -> timedelta:
    minutes = action.begun.minutes
    return SETTLING if minutes is None else timedelta(minutes=minutes)


def _new_patterns(case: Case, times: _Times) -> PatternChanges | None:
    """What is new in the logs since it was done, against all the time before."""
    if not case.has(Signal.LOGS):
        return None
    all_before = Window(min(times.good.start, times.before.start), times.before.end)
    since = replace(case, comparison=Comparison(all_before, times.after, given=True))
    return next((f.answer for f in answer(log_patterns, since) if isinstance(f.answer, PatternChanges)), None)


def _asked(case: Case, patterns: PatternChanges | None) -> Finding:
    if not did_it_work.needs & case.holdings.signals:
        because = "there are neither logs nor spans to count those who are hurt"
        return did_it_work.signed(Finding(Verdict.UNKNOWN, because))
    told = {**case.answers, PatternChanges: patterns} if patterns else case.answers
    return answer(did_it_work, replace(case, answers=told))[0]


def _measured(action: Action, finding: Finding, times: _Times, now: datetime) -> EffectMeasured:
    windows = (times.good, times.before, times.after)
    if not isinstance(finding.answer, ActionEffect):
        return EffectMeasured(action.number, Effect.NO_DATA, finding.because, windows=windows)
    answer = finding.answer
    windows = (times.good, times.before, answer.turn.counted or times.after)
    return EffectMeasured(
        begun=action.number,
        effect=answer.effect,
        because=finding.because,
        hurt=answer.hurt,
        good=answer.good,
        before=answer.before,
        after=answer.after,
        windows=windows,
        needed=answer.needed,
        look_again=_when(answer, now),
        elsewhere=answer.elsewhere,
        credit=answer.turn.credit,
        turned=answer.turn.start,
        back=answer.turn.back,
    )


def _when(answer: ActionEffect, now: datetime) -> datetime | None:
    """When there should be as many requests as it takes; None when it is settled."""
    rate = max(answer.after.rate, answer.good.rate)
    if answer.needed is None or rate <= 0:
        return now + SOONEST if answer.effect is Effect.TOO_EARLY else None
    missing = max(answer.needed - answer.after.of, 0) / rate
    return now + max(timedelta(seconds=min(missing, 7 * 86_400)), SOONEST)


def _target(
    action: Action, store: Store, times: _Times, measured: EffectMeasured
) -> tuple[Checked, tuple[Rows, ...], Credit]:
    """Whether the target is reached, and whether the action can have done it."""
    latest = Window(max(times.after.start, times.all_after.end - LONGEST), times.all_after.end)
    result = _reached(action, store, times, measured.windows[2] if measured.after else latest)
    outcome = {name: _reached(action, store, times, w).checked.outcome for name, w in _around(action, times)}
    credit = Credit.UNCLEAR
    if outcome["just before"] is Outcome.SUPPORTED:
        credit = Credit.BEFORE
    elif outcome.get("at first") is Outcome.REFUTED:
        credit = Credit.LATE if action.begun.minutes is not None else Credit.UNCLEAR
    elif outcome.get("at first") is Outcome.SUPPORTED:
        credit = Credit.THIS
    return result.checked, result.evidence, credit


def _beside(credit: Credit, room: Room, action: Action) -> Credit:
    """The credit, unless another action can have worked in the time to effect of this one."""
    mine = Window(action.begun_at, works_by(action))
    others = (a for a in room.incident.actions if a.number != action.number and a.started)
    shared = any(mine.overlaps(Window(one.begun_at, works_by(one))) for one in others)
    return Credit.SHARED if shared and credit is Credit.THIS else credit


def _around(action: Action, times: _Times) -> Iterator[tuple[str, Window]]:
    """The time just before it, and that around the end of its time to effect."""
    before = times.before
    yield "just before", Window(max(before.start, before.end - SHORT), before.end)
    by = min(max(works_by(action), times.after.start + SHORT), times.after.end)
    if by > times.after.start:
        yield "at first", Window(times.after.start, by)


def _reached(action: Action, store: Store, times: _Times, window: Window) -> Result:
    comparison = Comparison(times.good, window)
    return check(written(action.begun.effect), measuring_of(store, comparison), Scene(comparison))


def _against(measured: EffectMeasured, target: Checked, credit: Credit, now: datetime) -> EffectMeasured:
    """The effect with the target that was declared: it decides, unless those who were hurt speak against it."""
    effect = _TARGETED[target.outcome].get(measured.effect, measured.effect)
    because = f"target {target.outcome.value}: {target.prediction}: {target.because}"
    if measured.after is None:  # nobody could be counted: the target is all there is
        effect = _ALONE[target.outcome]
    if effect.credited and not measured.effect.credited:  # by the target alone
        effect = effect.by(credit)
        because += f" ({_REACHED[credit]})"
        measured = replace(measured, credit=credit)
    again = measured.look_again or (now + SOONEST if effect is Effect.TOO_EARLY else None)
    because = f"{because}; {measured.because}"
    return replace(measured, effect=effect, because=because, target=target, look_again=again)


_REACHED: Mapping[Credit, str] = {
    Credit.THIS: "reached within its time to effect",
    Credit.BEFORE: "reached before it was done already: not by this",
    Credit.LATE: "reached after its time to effect: not by this, or not by this alone",
    Credit.SHARED: "another action can have worked then too: neither is credited alone",
    Credit.UNCLEAR: "the data cannot tell whether by this",
}
# That the share is back is no proof of a target that is not reached, and a target that is reached is none where users
# are as badly off as before.
_UNREACHED = {
    Effect.RECOVERED: Effect.IMPROVING,
    Effect.RECOVERED_UNCREDITED: Effect.IMPROVING_UNCREDITED,
}
_TARGETED: Mapping[Outcome, Mapping[Effect, Effect]] = {
    Outcome.SUPPORTED: {Effect.TOO_EARLY: Effect.IMPROVING, Effect.NO_EFFECT: Effect.IMPROVING},
    Outcome.REFUTED: _UNREACHED,
    Outcome.INCONCLUSIVE: _UNREACHED,
    Outcome.UNTESTABLE: _UNREACHED,
}
_ALONE: Mapping[Outcome, Effect] = {
    Outcome.SUPPORTED: Effect.RECOVERED,
    Outcome.REFUTED: Effect.NO_EFFECT,
    Outcome.INCONCLUSIVE: Effect.TOO_EARLY,
    Outcome.UNTESTABLE: Effect.NO_DATA,
}
