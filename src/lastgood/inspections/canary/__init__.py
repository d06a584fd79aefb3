"""Is the canary as good as the baseline: failures, slow requests, new log lines, for all users and for each segment?

What it asks
    Whether a canary may go on (pass), must go back (fail), or has to run longer (inconclusive), and for how long.
Why on-call asks it
    Most incidents start with a deploy. A gate that passes without data, or fails by chance, is soon switched off.
Reads
    lg_spans (server and consumer spans, roots) or, without spans, lg_requests; lg_lines for new patterns.
How
    Baseline and canary are distinguished by version, or by any attribute. Requests are counted in blocks of time, operation by
    operation, so that a different mix of traffic is no difference. Each comparison yields evidence that stays valid
    however often it is looked at (lastgood.algorithms.always_valid). Slow is above the p95 of the operation's baseline. Attributes
    of few values are segments, each compared by itself. All comparisons share a chance of 1 % of a false alarm. A pass needs
    evidence that failures are not more by the margin, of all and of each larger segment, nor slow requests by 5 points.
Stays silent when
    One side has no requests, or there is only one version.
Known traps
    Requests that fail in bursts, such as retries of one user, are not independent: a false alarm is then likelier. A segment without
    traffic in the canary is not judged. A fault that appears after hours needs a canary of hours.
"""

from collections.abc import Iterator

from lastgood.algorithms.canary import Decided, decide
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.canary.counted import Sides, compared, fresh_patterns, sides_of
from lastgood.model.canary import CanaryAsked, CanaryVerdict, Check, Measure, Outcome
from lastgood.model.evidence import Evidence
from lastgood.model.figures import count, duration, percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

SURE = Amount(
    0.95,
    "of confidence of a canary's verdict",
    "as its chance of a false alarm (lastgood.algorithms.canary.FALSE_FAIL)",
)
CANARY_VERDICTS = {Outcome.PASS: Verdict.YES, Outcome.FAIL: Verdict.NO, Outcome.INCONCLUSIVE: Verdict.UNKNOWN}


@inspection(
    "Is the canary as good as the baseline?",
    stage=Stage.VERIFY,
    needs={Signal.SPANS, Signal.LOGS},
    gives=CanaryVerdict,
    handed=CanaryAsked,
)
def canary(case: Case) -> Iterator[Finding]:
    """The outcome for the canary that was handed in, over the window of the case."""
    asked = case.earlier(CanaryAsked)
    if asked is None:
        yield Finding(Verdict.UNKNOWN, "this is asked about a canary: lastgood canary")
        return
    sides, why = sides_of(case, asked)
    if sides is None:
        yield Finding(Verdict.UNKNOWN, why, answer=CanaryVerdict(Outcome.INCONCLUSIVE, "", ""))
        return
    counts, evidence, step = compared(case, sides, asked)
    patterns, lines = fresh_patterns(case, sides, step)
    decided = decide(counts, patterns, step, asked.margin)
    yield _finding(sides, decided, counts_of(decided), case.window.seconds, (*evidence, *lines))


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
    reported = (
        f"{percent(whole.canary_share)} of {count(whole.canary_all)} canary requests fail, "
        f"{percent(whole.baseline_share)} of the baseline's with the same mix"
    )
    if decided.outcome is Outcome.PASS:
        return reported
    if decided.needed_seconds is None:
        return f"{reported}: too few to decide"
    return f"{reported}: run it for about {duration(decided.needed_seconds)} more"


def _failure(one: Check) -> str:
    where = f" for {one.where}" if one.where else ""
    if one.measure is Measure.LOGS:
        return f"a log line that the baseline never wrote: {one.where}"
    what = "fail" if one.measure is Measure.FAILURES else "are slow"
    return (
        f"{percent(one.canary_share)} of {count(one.canary_all)} canary requests {what}{where}, "
        f"{percent(one.baseline_share)} of the baseline's with the same mix; seen after {duration(one.failed_after or 0)}"
    )
