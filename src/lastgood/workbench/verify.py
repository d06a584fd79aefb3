"""Verify: what an action did to those who were affected, against its target, on the record with what that rests on."""

from dataclasses import replace
from datetime import datetime, timedelta

from lastgood.hypotheses.effect_times import SOONEST, Not, Times, seen_before, times_of, works_by
from lastgood.hypotheses.targets import against, target
from lastgood.inspections.log_patterns import log_patterns
from lastgood.inspections.verify import verify as did_it_work
from lastgood.model.action import Action, ActionEffect, Credit, Deed, Effect, EffectMeasured, Nearby
from lastgood.model.answers import Intervention, PatternChanges
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Reader
from lastgood.workbench.evidence import Seen, frozen
from lastgood.workbench.investigate import answer, case_about
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store

TARGET = "Is the target reached?"


def verify(room: Room, store: Store, action: Action) -> EffectMeasured:
    """The effect of an action as of now; it, and what it rests on, are in the record.

    Raises:
        RecordFailedError: it could not be written.
    """
    seen = Seen()
    holdings, reader = replace(store, watch=seen).survey()
    times = times_of(room.incident, room.entries, action, holdings, room.now)
    if isinstance(times, Not):
        measured = EffectMeasured(action.number, times.effect, times.because, look_again=times.look_again)
        return _recorded(room, measured)
    measured = _counted(room, action, (holdings, reader), times, seen)
    if times.all_after != times.after and not measured.effect.well:
        later = replace(times, after=times.all_after)
        measured = _later(measured, _counted(room, action, (holdings, reader), later, seen))
    measured = _unless_followed(measured, room, action)
    if action.begun.effect:
        checked, evidence, credit = target(action, store.measuring, times, measured)
        credit = _beside(credit, room, action)
        measured = against(measured, checked, credit, room.now)
        for rows in evidence:
            room.append(frozen(room.record, rows, f"{checked.prediction}: {checked.because}", TARGET))
    return _recorded(room, measured)


def _done(room: Room, action: Action, times: Times) -> Intervention:
    """What the question is given of the action, and of the others on the record."""
    said = seen_before(room.incident, room.entries, action)
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


def _counted(
    room: Room, action: Action, survey: tuple[Holdings, Reader], times: Times, seen: Seen
) -> EffectMeasured:
    """The effect on those who were affected, with what it rests on in the record."""
    (holdings, reader), done = survey, _done(room, action, times)
    comparison = Comparison(times.good, times.after, given=True)
    case = case_about(reader, holdings, comparison, room.now, done)
    finding = _asked(case, _new_patterns(case, times))
    seen.cite(room, finding)
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
    reported = f"another action started at {min(following):%H:%M:%S} UTC, before its time to effect was over"
    return replace(measured, effect=Effect.NO_DATA, because=f"{reported}; {measured.because}")


def _recorded(room: Room, measured: EffectMeasured) -> EffectMeasured:
    room.append(measured)
    return measured


def _new_patterns(case: Case, times: Times) -> PatternChanges | None:
    """What is new in the logs since it was done, against all the time before."""
    if not case.has(Signal.LOGS):
        return None
    all_before = Window(min(times.good.start, times.before.start), times.before.end)
    since = replace(case, comparison=Comparison(all_before, times.after, given=True))
    return next((f.answer for f in answer(log_patterns, since) if isinstance(f.answer, PatternChanges)), None)


def _asked(case: Case, patterns: PatternChanges | None) -> Finding:
    if not did_it_work.needs & case.holdings.signals:
        because = "there are neither logs nor spans to count affected users by"
        return did_it_work.signed(Finding(Verdict.UNKNOWN, because))
    reported = {**case.answers, PatternChanges: patterns} if patterns else case.answers
    return answer(did_it_work, replace(case, answers=reported))[0]


def _measured(action: Action, finding: Finding, times: Times, now: datetime) -> EffectMeasured:
    windows = (times.good, times.before, times.after)
    if not isinstance(finding.answer, ActionEffect):
        return EffectMeasured(action.number, Effect.NO_DATA, finding.because, windows=windows)
    answer = finding.answer
    windows = (times.good, times.before, answer.turn.counted or times.after)
    return EffectMeasured(
        begun=action.number,
        effect=answer.effect,
        because=finding.because,
        affected=answer.affected,
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


def _beside(credit: Credit, room: Room, action: Action) -> Credit:
    """The credit, unless another action can have worked in the time to effect of this one."""
    mine = Window(action.begun_at, works_by(action))
    others = (a for a in room.incident.actions if a.number != action.number and a.started)
    shared = any(mine.overlaps(Window(one.begun_at, works_by(one))) for one in others)
    return Credit.SHARED if shared and credit is Credit.THIS else credit
