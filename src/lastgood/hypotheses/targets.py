"""Targets: whether what an action was meant to reach is reached, and whether the action can have done it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from lastgood.hypotheses.effect_times import EFFECT_TIME_MOST, SOONEST, Times, works_by
from lastgood.hypotheses.predictions import Result, Scene, check, written
from lastgood.model.action import Action, Credit, Effect, EffectMeasured
from lastgood.model.prediction import Checked, Outcome
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Measuring
from lastgood.telemetry.reader import Rows

SHORT = timedelta(minutes=3)  # in which a target is looked at, beside the action

Measure = Callable[[Comparison], Measuring]


def target(
    action: Action, measure: Measure, times: Times, measured: EffectMeasured
) -> tuple[Checked, tuple[Rows, ...], Credit]:
    """Whether the target is reached, and whether the action can have done it."""
    latest = Window(max(times.after.start, times.all_after.end - EFFECT_TIME_MOST), times.all_after.end)
    result = _reached(action, measure, times, measured.windows[2] if measured.after else latest)
    outcome = {
        name: _reached(action, measure, times, w).checked.outcome for name, w in _around(action, times)
    }
    credit = Credit.UNCLEAR
    if outcome["just before"] is Outcome.SUPPORTED:
        credit = Credit.BEFORE
    elif outcome.get("at first") is Outcome.REFUTED:
        credit = Credit.LATE if action.begun.minutes is not None else Credit.UNCLEAR
    elif outcome.get("at first") is Outcome.SUPPORTED:
        credit = Credit.THIS
    return result.checked, result.evidence, credit


def _around(action: Action, times: Times) -> Iterator[tuple[str, Window]]:
    """The time just before it, and that around the end of its time to effect."""
    before = times.before
    yield "just before", Window(max(before.start, before.end - SHORT), before.end)
    by = min(max(works_by(action), times.after.start + SHORT), times.after.end)
    if by > times.after.start:
        yield "at first", Window(times.after.start, by)


def _reached(action: Action, measure: Measure, times: Times, window: Window) -> Result:
    comparison = Comparison(times.good, window)
    return check(written(action.begun.effect), measure(comparison), Scene(comparison))


def against(measured: EffectMeasured, checked: Checked, credit: Credit, now: datetime) -> EffectMeasured:
    """The effect with the target that was declared: it decides, unless the users who were affected contradict it."""
    effect = _TARGETED[checked.outcome].get(measured.effect, measured.effect)
    because = f"target {checked.outcome.value}: {checked.prediction}: {checked.because}"
    if measured.after is None:  # no one could be counted: the target is all there is
        effect = _ALONE[checked.outcome]
    if effect.credited and not measured.effect.credited:  # by the target alone
        effect = effect.by(credit)
        because += f" ({_REACHED[credit]})"
        measured = replace(measured, credit=credit)
    again = measured.look_again or (now + SOONEST if effect is Effect.TOO_EARLY else None)
    because = f"{because}; {measured.because}"
    return replace(measured, effect=effect, because=because, target=checked, look_again=again)


_REACHED: Mapping[Credit, str] = {
    Credit.THIS: "reached within its time to effect",
    Credit.BEFORE: "already reached before the action: not by this",
    Credit.LATE: "reached after its time to effect: not by this, or not by this alone",
    Credit.SHARED: "another action can have worked then too: neither is credited alone",
    Credit.UNCLEAR: "the data do not show whether by this",
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
