"""Is the canary as good as the baseline: failures, slow requests, new log lines, resources, for all users and for each segment?

What it asks
    Whether a canary may go on (pass), must go back (fail), or has to run longer (inconclusive), and for how long.
Why on-call asks it
    Most incidents start with a deploy. A gate that passes without data, or fails by chance, is soon switched off.
Reads
    lg_spans (server and consumer spans, roots) or, without spans, lg_requests; without these of both sides, counters of requests and
    histograms of how long they took in lg_points; lg_lines for new patterns; lg_points for CPU, memory and the metrics that are named.
How
    Baseline and canary are distinguished by version, or by any attribute. Requests are counted in blocks of time, operation by
    operation, so that a different mix of traffic is no difference. Each comparison yields evidence that stays valid
    however often it is looked at (lastgood.algorithms.always_valid). Slow is above the p95 of the operation's baseline. Attributes
    of few values are segments, each compared by itself. All comparisons share a chance of 1 % of a false alarm. A pass needs
    evidence that failures are not more by the margin, of all and of each larger segment, nor slow requests by 5 points; that the
    baseline works; and that the canary serves still, and most of what the baseline serves. Requests without durations do not pass,
    unless that is asked for: slowness cannot be checked then.
    A resource is above in a step if the canary's mean is a quarter above the baseline's, and above most of its instances; of CPU also
    for each request. It fails by a sign test over steps, which holds for values that depend on those before.
Stays silent when
    The last request is older than 15 minutes, and no time was named. One side has no requests, or both have no operation in common, or
    there is only one version, or several services have versions and none is named, or
    failures are known at a proxy in front only: they carry no version.
Known traps
    Requests that fail in bursts, such as retries of one user, are not independent: a false alarm is then likelier. A segment without
    traffic in the canary is not judged. A canary younger than the baseline hides a leak of memory. A fault that appears after hours needs a canary of hours.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from lastgood.algorithms.always_valid import Counts
from lastgood.algorithms.canary import Decided, decide
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.canary.counted import (
    Sides,
    Stretch,
    baseline_gone,
    compared,
    fresh_patterns,
    served_apart,
    services_of,
    sides_of,
    versions_served,
)
from lastgood.inspections.canary.gauges import gauges
from lastgood.inspections.canary.withheld import RUN_LONGER, none_shared, stale, unchecked, withheld
from lastgood.model.canary import CanaryAsked, CanaryVerdict, Check, Measure, Outcome
from lastgood.model.evidence import Evidence
from lastgood.model.figures import amount, count, counted, duration, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount
from lastgood.model.scope import Scope
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.unversioned import Unversioned, unversioned_failures

SURE = Amount(
    0.95,
    "of confidence of a canary's verdict",
    "as its chance of a false alarm (lastgood.algorithms.canary.FALSE_FAIL)",
)
CANARY_VERDICTS = {Outcome.PASS: Verdict.YES, Outcome.FAIL: Verdict.NO, Outcome.INCONCLUSIVE: Verdict.UNKNOWN}


@inspection(
    "Is the canary as good as the baseline?",
    stage=Stage.VERIFY,
    needs={Signal.SPANS, Signal.LOGS, Signal.METRICS},
    gives=CanaryVerdict,
    handed=CanaryAsked,
)
def canary(case: Case) -> Iterator[Finding]:
    """The outcome for the canary that was handed in, over the window of the case."""
    asked = case.earlier(CanaryAsked)
    if asked is None:
        yield Finding(Verdict.UNKNOWN, "this question compares two versions; run: lastgood canary")
        return
    sides, why = sides_of(case, asked)
    if sides is None:
        yield Finding(Verdict.UNKNOWN, why, answer=CanaryVerdict(Outcome.INCONCLUSIVE, "", ""))
        return
    counts, evidence, step, start = compared(case, sides, asked)
    patterns, lines = fresh_patterns(case, sides, step)
    used, points = gauges(case, sides, asked, start)
    whole = counts.get((Measure.FAILURES, ""))
    decided = decide(counts, patterns, step, asked.margin, used)
    unseen = _unseen(case, sides, start, asked.margin)
    if unseen and decided.outcome is not Outcome.FAIL:
        yield Finding(
            Verdict.UNKNOWN, unseen.said, answer=_without_failures(sides, decided, case.window.seconds), evidence=evidence
        )  # fmt: skip
        return
    every = counts_of(decided)
    decided, because = _limited(case, sides, decided, (asked, whole, start))
    found = _finding(sides, decided, every, case.window.seconds, (*evidence, *lines, *points))
    if because:
        yield replace(found, because=because)
        return
    if every is None or not every.canary_all or not every.baseline_all:
        known = ", ".join(versions_served(case, sides)) or "none"
        found = replace(found, because=f"{found.because}; versions with requests: {known}")
    yield found


def _limited(
    case: Case, sides: Sides, decided: Decided, known: tuple[CanaryAsked, Counts | None, int]
) -> tuple[Decided, str]:
    """What is decided, with what limits it: old data, nothing in common, no durations; and why, empty where nothing does."""
    asked, whole, start = known
    every, waits = counts_of(decided), replace(decided, outcome=Outcome.INCONCLUSIVE)
    if not asked.dated and (old := stale(case, sides)):
        return replace(waits, needed_seconds=None, needed_requests=None), old
    if decided.outcome is Outcome.FAIL or whole is None:
        return decided, ""
    untimed, remedy = unchecked(case, sides) if _untimed(decided) else ("", "")
    if decided.outcome is Outcome.PASS:
        if why := withheld(case, sides, whole):
            return waits, f"{_shares(every)}, but {why}"
        return decided, f"{_shares(every)}; {untimed}" if untimed else ""
    return _waiting(case, sides, decided, (whole, start, "" if asked.untimed else untimed, remedy))


def _never(case: Case, sides: Sides, whole: Counts, start: int) -> str:
    """Why nothing can be compared, however long it runs; empty where something can."""
    apart = served_apart(case, sides)
    return _apart(sides, *apart) if apart else none_shared(case, sides, whole, start)


def _waiting(
    case: Case, sides: Sides, decided: Decided, known: tuple[Counts, int, str, str]
) -> tuple[Decided, str]:
    """What an open verdict waits for besides counts of failures; empty where nothing more."""
    (whole, start, untimed, remedy), every = known, counts_of(decided)
    waits = replace(decided, needed_seconds=None)
    if why := _never(case, sides, whole, start):
        return replace(waits, needed_requests=None), why
    if gone := baseline_gone(case, sides):
        return waits, f"{_because(waits, every, sides)}; {_gone(*gone)}"
    if every is None or not every.canary_all or not every.baseline_all:
        return decided, ""
    if untimed and (every.passed or remedy != RUN_LONGER):
        return waits, f"{_shares(every)}, but {untimed}. {remedy}"
    why = withheld(case, sides, whole)
    return decided, f"{_because(decided, every, sides)}; it cannot pass while {why}" if why else ""


def _apart(sides: Sides, baseline: Stretch, canary: Stretch) -> str:
    """That nothing can be compared, with what each side served and when."""
    served = (
        f"{side} served {counted(of.requests, 'request')} from {of.first:%H:%M:%S} to {of.last:%H:%M:%S} UTC"
        for side, of in ((sides.baseline, baseline), (sides.canary, canary))
    )
    return f"the two versions never served at the same time: {', '.join(served)}. Run both together to compare them"


def _gone(last: datetime, silent: float) -> str:
    """That waiting is of no use."""
    return (
        f"the baseline has served nothing since {last:%H:%M:%S} UTC ({duration(silent)}): "
        "nothing more can be compared until it serves again"
    )


def _unseen(case: Case, sides: Sides, start: int, margin: float) -> Unversioned | None:
    """Failures since the canary's start that only a proxy in front wrote down."""
    if not case.has(Signal.LOGS):
        return None
    window = Window(max(case.window.start, datetime.fromtimestamp(start, UTC)), case.window.end)
    ask = lambda sql, bound: case.ask(sql, bound, window, None, Scope())  # noqa: E731
    return unversioned_failures(ask, services_of(case, sides), margin)


def _without_failures(sides: Sides, decided: Decided, seconds: float) -> CanaryVerdict:
    """Inconclusive, without what was counted of failures: it is not all of them."""
    checks = tuple(one for one in decided.checks if one.measure is not Measure.FAILURES)
    return CanaryVerdict(Outcome.INCONCLUSIVE, str(sides.baseline), str(sides.canary), checks, seconds)


def counts_of(decided: Decided) -> Check | None:
    """The comparison of all failures; None where nothing was compared."""
    return next((one for one in decided.checks if one.measure is Measure.FAILURES and not one.where), None)


def _finding(
    sides: Sides, decided: Decided, whole: Check | None, seconds: float, evidence: tuple[Evidence, ...]
) -> Finding:
    answer = CanaryVerdict(
        decided.outcome, str(sides.baseline), str(sides.canary), decided.checks, seconds, decided.needed_seconds,
        decided.needed_requests,
    )  # fmt: skip
    verdict = CANARY_VERDICTS[decided.outcome]
    sure = None if verdict is Verdict.UNKNOWN else SURE
    return Finding(verdict, _because(decided, whole, sides), sure, answer, evidence)


def _because(decided: Decided, whole: Check | None, sides: Sides) -> str:
    failed = [one for one in decided.checks if one.failed_after is not None]
    if failed:
        return _failure(max(failed, key=lambda one: (one.where == "", one.evidence - one.threshold)))
    if whole is None or not whole.canary_all or not whole.baseline_all:
        missing = sides.canary if whole is None or not whole.canary_all else sides.baseline
        need = (
            f"; about {count(decided.needed_requests)} canary requests are needed"
            if decided.needed_requests
            else ""
        )
        return f"no requests of {missing}{need}"
    reported = _shares(whole)
    if decided.outcome is Outcome.PASS:
        return reported
    return f"{reported}{_undecided(decided, whole)}"


def _shares(whole: Check | None) -> str:
    """How many requests fail."""
    if whole is None:
        return "nothing was compared"
    return (
        f"{percent(whole.canary_share)} of {count(whole.canary_all)} canary requests fail, "
        f"{percent(whole.baseline_share)} of the baseline's with the same mix"
    )


def _undecided(decided: Decided, whole: Check) -> str:
    """What a pass waits for."""
    waiting = next((one for one in decided.checks if _open_resource(one)), None)
    if whole.passed and waiting:
        if not waiting.canary_all:
            return f", but {waiting.where} has no values on both sides"
        return f", but {waiting.where} is not decided: {_steps(waiting)}"
    if decided.needed_seconds is None:
        return ": too few to decide"
    return f": run it for about {duration(decided.needed_seconds)} more"


def _steps(one: Check) -> str:
    return f"above the baseline in {count(one.canary_bad)} of {counted(one.canary_all, 'step')}"


def _open_resource(one: Check) -> bool:
    return one.measure is Measure.RESOURCES and one.passed is False


def _untimed(decided: Decided) -> bool:
    """Whether no durations of both sides were compared."""
    return not any(
        one.measure is Measure.SLOW and not one.where and one.canary_all and one.baseline_all
        for one in decided.checks
    )


def _failure(one: Check) -> str:
    where = f" for {one.where}" if one.where else ""
    if one.measure is Measure.LOGS:
        return f"a log line that the baseline never wrote: {one.where}"
    if one.measure is Measure.RESOURCES:
        means = " against ".join(amount(mean, one.unit) for mean in (one.canary_share, one.baseline_share))
        return f"{one.where} is {means}: {_steps(one)}; seen after {duration(one.failed_after or 0)}"
    what = "fail" if one.measure is Measure.FAILURES else "are slow"
    return (
        f"{percent(one.canary_share)} of {count(one.canary_all)} canary requests {what}{where}, "
        f"{percent(one.baseline_share)} of the baseline's with the same mix; seen after {duration(one.failed_after or 0)}"
    )
