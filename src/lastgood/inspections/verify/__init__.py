"""Did what was done work: are affected users back at their baseline, with as much traffic, and nothing new broken?

What it asks
    Whether the share of affected requests after an action is back where it was in the good window, got better, stayed, or
    got worse; whether the requests are still made at all; and what is worse elsewhere since.
Why on-call asks it
    An alert that clears is not a proof: it also clears when traffic stops, and a fix that half works looks like one.
Reads
    lg_requests; without requests lg_lines. The log patterns since, as another question found them.
How
    Three windows: good, bad before the action, and after it once it can have worked. The operations that were affected in
    the second are counted in all three. Back is shown by an interval (99 %) that excludes a tenth of the harm being
    left, "no effect" by one (95 %) that excludes half of it being gone; else it is too early, with about how many requests it
    takes (lastgood.algorithms.effect). Shares that waver from minute to minute by more than chance widen the intervals. Of latency, requests slower than the middle between the good and the bad quantile
    are counted. Where traffic of these operations is below 0.6 of the good window's and of its last part, their
    share is not comparable: requests served well per second are compared instead, and where all other traffic fell
    too, there is no answer. Failures that came in bursts must be gone for twice the longest pause between them.
    Operations that were well before and are not after, new alarming log lines, and a latency of the affected
    operations that is not normal, keep it from being called recovered.
    The action is credited only if the return started between the action and the end of its time to effect, and no other
    action on the record can have worked then (lastgood.algorithms.turning). A return before, later, or at an unclear
    time is reported as such, without credit.
Stays silent when
    No action is named, nothing was counted in a window, or the data end before it can have worked.
Known traps
    What gets better by itself within the action's time to effect is credited to it: taking it back
    would show. Traffic that falls by the hour looks like loss on the third hour after.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lastgood.algorithms.counts import share_difference
from lastgood.algorithms.effect import (
    FELL,
    Judged,
    rate_of,
    served_effect,
    share_effect,
    traffic_effect,
    wavering,
)
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.verify.returning import (
    AFFECTED,
    PLACED,
    Return,
    bound,
    credit_of,
    credit_words,
    returned,
    since,
)
from lastgood.inspections.verify.three_windows import ThreeWindows, counted
from lastgood.inspections.verify.weights import OTHERS_FELL, OTHERS_LEAST, PAUSES_GONE, VERIFY_LEVEL
from lastgood.model.action import ActionEffect, Credit, Effect, Turned
from lastgood.model.answers import ImpactKind, Intervention, PatternChanges
from lastgood.model.figures import amount, count, duration, percent, shortened
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.patterns import is_alarming
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.reader import Rows

# What is said where errors and latency differ: the least good, and it comes first here.
VERDICTS = {
    Effect.WORSE: Verdict.NO,
    Effect.NO_EFFECT: Verdict.NO,
    Effect.NO_DATA: Verdict.UNKNOWN,
    Effect.TOO_EARLY: Verdict.UNKNOWN,
    Effect.IMPROVING_UNCREDITED: Verdict.UNKNOWN,
    Effect.IMPROVING: Verdict.YES,
    Effect.RECOVERED_UNCREDITED: Verdict.UNKNOWN,
    Effect.RECOVERED: Verdict.YES,
}
ORDER = tuple(VERDICTS)

# Failures by the second, with the second of the failure before.
PAUSE = f"""
SELECT max(second - earlier) AS longest FROM (
    SELECT second, lagInFrame(second, 1, second) OVER (ORDER BY second) AS earlier FROM (
        SELECT DISTINCT toUnixTimestamp(ts) AS second FROM lg_requests
        WHERE phase = 'good' AND {AFFECTED} AND {PLACED}))"""
MINUTES = """
SELECT phase, intDiv(toUnixTimestamp(ts), 60) AS minute, count() AS n, countIf(%s) AS affected
FROM %s WHERE phase != '' AND %s GROUP BY phase, minute ORDER BY phase, minute"""
REQUEST_MINUTES = MINUTES % (AFFECTED, "lg_requests", PLACED)
LINE_MINUTES = MINUTES % (IS_BAD_LINE, "lg_lines", "has({whole:Array(String)}, service)")
SIGNAL = {Signal.SPANS: "SELECT count() AS n FROM lg_spans", Signal.LOGS: "SELECT count() AS n FROM lg_lines"}


@inspection(
    "Did it work?",
    stage=Stage.VERIFY,
    needs={Signal.SPANS, Signal.LOGS},
    gives=ActionEffect,
    handed=Intervention,
)
def verify(case: Case) -> Iterator[Finding]:
    """The effect of the action that was handed in; the bad window of the case is the time after it."""
    done = case.earlier(Intervention)
    if done is None or case.comparison is None:
        yield Finding(Verdict.UNKNOWN, "this question needs an action of an incident; run: lastgood verify")
        return
    done = _with_limit(done, case.comparison)
    measured = [
        _credited(case, case.comparison, done, place, three)
        for place, three in enumerate(counted(case, case.comparison, done))
    ]
    if not measured:
        yield Finding(Verdict.UNKNOWN, "there are neither requests nor log lines to count")
        return
    found = min(measured, key=lambda one: ORDER.index(one.effect))
    three, verdict = found.three, VERDICTS[found.effect]
    elsewhere = (*three.worse, *_new_lines(case))
    start, back = (found.turn.start, found.turn.back) if found.turn else (None, None)
    turned = Turned(found.credit, start, back, found.counted)
    answer = ActionEffect(
        found.effect, three.affected, three.good, three.before, three.after, found.needed, elsewhere, turned
    )
    sure = None if verdict is Verdict.UNKNOWN else VERIFY_LEVEL
    yield Finding(verdict, found.because, sure, answer, three.evidence)


@dataclass(frozen=True, slots=True)
class _Measured:
    """The effect on one kind of harm, why it is that, and when it got better."""

    effect: Effect
    because: str
    three: ThreeWindows
    counted: Window  # the time after it that was counted
    needed: int | None = None
    credit: Credit | None = None
    turn: Return | None = None


def _with_limit(done: Intervention, windows: Comparison) -> Intervention:
    """The action with an end of its time to effect: when it can have worked, where no one says."""
    if done.deed.works_by:
        return done
    return replace(done, deed=replace(done.deed, works_by=windows.bad.start, stated=False))


def _credited(
    case: Case, windows: Comparison, done: Intervention, place: int, three: ThreeWindows
) -> _Measured:
    """The effect since the return, where there was one, and whether the action can have done it."""
    turn = _turn(case, windows, done, three)
    later = Comparison(windows.good, since(windows.bad, turn), given=True)
    if later.bad != windows.bad:
        again = list(counted(replace(case, comparison=later), later, done))
        three = again[place] if place < len(again) else three
    judged, because = _judged(case, later, done, three)
    effect = judged.effect
    if effect is Effect.RECOVERED and three.worse:
        effect, because = Effect.IMPROVING, f"{because}; but {three.worse[0]}"
    if not effect.credited:
        return _Measured(effect, because, three, later.bad, judged.needed)
    credit = credit_of(done, turn)
    if turn is None and not _harmed(done, three):
        return _Measured(
            Effect.NO_DATA, f"no impact is visible before the action: {because}", three, later.bad
        )
    if credit is not Credit.THIS:
        state = "recovered" if effect is Effect.RECOVERED else "improved"
        because = f"{credit_words(done, turn, credit, state)}; {because}"
    return _Measured(effect.by(credit), because, three, later.bad, judged.needed, credit, turn)


def _turn(case: Case, windows: Comparison, done: Intervention, three: ThreeWindows) -> Return | None:
    by = "traffic" if done.kind is ImpactKind.TRAFFIC_LOSS else "served" if _fell(three) else "share"
    return returned(case, done, three, windows.bad, by)


def _harmed(done: Intervention, three: ThreeWindows) -> bool:
    """Whether those who are said to be affected were, just before it was done."""
    if done.kind is ImpactKind.TRAFFIC_LOSS:
        return rate_of(three.before, three.good)[1] < 1
    before, good = three.before, three.good
    return share_difference((before.events, before.of), (good.events, good.of), VERIFY_LEVEL)[0] > 0


def _judged(case: Case, windows: Comparison, done: Intervention, three: ThreeWindows) -> tuple[Judged, str]:
    """The effect, and why."""
    if not three.before.of:
        return _nothing(), f"no {three.affected} could be counted before the action"
    if not three.after.of and not case.query(SIGNAL[three.signal], window=windows.bad).dicts()[0]["n"]:
        return _nothing(), f"no {three.signal.value} after the action"
    if done.kind is ImpactKind.TRAFFIC_LOSS:
        rates = [amount(tally.rate) for tally in (three.after, three.before, three.good)]
        reported = "{} {} per second, {} before, {} at baseline".format(rates[0], three.affected, *rates[1:])
        return traffic_effect(three.good, three.before, three.after), reported
    if _fell(three):
        return _without_traffic(three)
    judged = share_effect(three.good, three.before, three.after, waver=_waver(case, windows, done, three))
    because = _counts(three)
    pause = _pause(case, windows, done, three) if judged.effect is Effect.RECOVERED else 0.0
    if pause * PAUSES_GONE > windows.bad.seconds:
        because += f"; but there were pauses of {duration(pause)} before, and {duration(windows.bad.seconds)} are over"
        needed = int(PAUSES_GONE * pause * three.after.rate) + 1
        return replace(judged, effect=Effect.TOO_EARLY, needed=needed), because
    if judged.effect is Effect.NO_DATA and not _harmed(done, three):
        because = f"no impact is visible before the action: {because}"
    elif judged.effect is Effect.NO_DATA:
        because += "; there were too few before the action to compare with"
    more = f"; about {count(judged.needed)} are needed" if judged.needed is not None else ""
    return judged, because + more


def _nothing() -> Judged:
    return Judged(Effect.NO_DATA, 0.0, 0.0)


def _fell(three: ThreeWindows) -> bool:
    """Whether traffic of those who were affected is far below what the good window and its end lead to expect."""
    pasts = [past for past in (three.good, three.recent) if past is not None and past.of]
    return bool(pasts) and all(rate_of(three.after, past)[1] < FELL for past in pasts)


def _without_traffic(three: ThreeWindows) -> tuple[Judged, str]:
    """Their share deceives, so those who are served are counted; where all traffic fell, nothing is said."""
    high = rate_of(three.after, three.good)[1]
    fell = (
        f"traffic stopped: {count(three.after.of)} requests in {duration(three.after.seconds)}, "
        f"{count(three.good.rate * three.after.seconds)} expected, so the share that fails is not comparable"
    )
    if three.others and three.others[0].of >= OTHERS_LEAST:
        good, after = three.others
        if rate_of(after, good)[1] < OTHERS_FELL:
            reported = f"{fell}; all other traffic fell too: daily cycle, this action or lost telemetry"
            return Judged(Effect.NO_DATA, 0.0, high), reported
    rates = [(t.of - t.events) / t.seconds if t.seconds else 0.0 for t in (three.after, three.before)]
    return (
        served_effect(three.before, three.after),
        f"{fell}; served well {amount(rates[0])} per second, {amount(rates[1])} before",
    )


def _waver(case: Case, windows: Comparison, done: Intervention, three: ThreeWindows) -> float:
    """By what part of itself the share wavers from minute to minute, before and after."""
    sql = LINE_MINUTES if three.by_lines else REQUEST_MINUTES
    rows = _since_affected(case, windows, done, three, sql).dicts()
    reported = [[row for row in rows if row["phase"] == phase] for phase in ("good", "bad")]
    return wavering(
        *(
            (np.array([r["affected"] for r in part], float), np.array([r["n"] for r in part], float))
            for part in reported
        )
    )


def _pause(case: Case, windows: Comparison, done: Intervention, three: ThreeWindows) -> float:
    """The longest time between failures before it was done, in seconds; 0 where it is not known."""
    if three.by_lines:
        return 0.0
    return float(_since_affected(case, windows, done, three, PAUSE).dicts()[0]["longest"] or 0)


def _since_affected(
    case: Case, windows: Comparison, done: Intervention, three: ThreeWindows, sql: str
) -> Rows:
    """Rows about those who were affected, before it was done (phase good) and after (phase bad)."""
    compared = replace(case, comparison=Comparison(done.before, windows.bad))
    return compared.query(sql, window=done.before.hull(windows.bad), **bound(three))


def _counts(three: ThreeWindows) -> str:
    """`failures of web POST /order: 2 of 900 (0.22 %) after, …`."""
    named = ((three.after, "after"), (three.before, "before"), (three.good, "at baseline"))
    said = [
        f"{count(tally.events)} of {count(tally.of)} ({percent(tally.share)}) {name}" for tally, name in named
    ]
    return f"{three.affected}: {', '.join(said)}"


def _new_lines(case: Case) -> Iterator[str]:
    """Alarming log lines that there were not before it was done, as another question found them."""
    patterns = case.earlier(PatternChanges)
    for pattern in patterns.new if patterns else ():
        if is_alarming(pattern.level, pattern.template):
            where = pattern.service or "an unnamed service"
            yield f"new in the log of {where}, {pattern.count} times: {shortened(pattern.template, 120)}"
