"""Lost traffic: fewer requests than before, in a step; what falls slowly may be the day's rhythm."""

from lastgood.algorithms.counts import rate_ratio
from lastgood.inspections.confirm.counted import table_of
from lastgood.inspections.confirm.weights import CONFIRM_SURE, STEP_AROUND, TRAFFIC_IN_STEP, TRAFFIC_LOST
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.figures import percent
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.compared import COMPARED_LEVEL, Compared, covered_seconds
from lastgood.telemetry.reader import Rows

_COUNT = "SELECT count() AS n FROM lg_requests"


def lost_traffic(case: Case, comparison: Comparison, whole: Compared) -> tuple[float, float] | None:
    """The interval of traffic while bad over traffic while good, when it is much less; else None."""
    bad_seconds = _covered(case, comparison.bad)
    if not bad_seconds:
        return None
    lost = rate_ratio(
        (whole.bad.requests, bad_seconds),
        (whole.good.requests, _covered(case, comparison.good)),
        COMPARED_LEVEL,
    )
    recent = Window(
        max(comparison.good.start, comparison.good.end - comparison.bad.length), comparison.good.end
    )
    against = rate_ratio(
        (whole.bad.requests, bad_seconds), (_count(case, recent), _covered(case, recent)), COMPARED_LEVEL
    )
    return lost if max(lost[1], against[1]) < TRAFFIC_LOST else None


def in_a_step(case: Case, comparison: Comparison) -> bool:
    """Whether there is much less traffic right after it began than right before."""
    good, bad = comparison.good, comparison.bad
    reach = min(STEP_AROUND, good.length, bad.length)
    before, after = Window(good.end - reach, good.end), Window(bad.start, bad.start + reach)
    rates = [_count(case, part) / max(_covered(case, part), 1.0) for part in (before, after)]
    return rates[1] <= TRAFFIC_IN_STEP * rates[0]


def _count(case: Case, window: Window) -> int:
    return int(case.query(_COUNT, window=window).dicts()[0]["n"])


def _covered(case: Case, window: Window) -> float:
    return covered_seconds(case, window, Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS)


def loss(whole: Compared, lost: tuple[float, float], rows: Rows) -> Finding:
    """That traffic was lost."""
    impact = Impact(
        int(whole.bad.requests),
        int(whole.bad.failed),
        whole.bad.share,
        whole.good.share,
        None,
        ImpactKind.TRAFFIC_LOSS,
    )
    return Finding(
        Verdict.YES,
        f"{_fallen(lost)}; the daily cycle does not explain it",
        confidence=CONFIRM_SURE,
        answer=Confirmation(impact, *lost),
        evidence=(table_of(whole, rows),),
        limits=("fewer requests can also mean that telemetry was lost",),
    )


def drift(whole: Compared, lost: tuple[float, float], rows: Rows) -> Finding:
    """That traffic fell slowly, which a day's rhythm may do."""
    return Finding(
        Verdict.UNKNOWN,
        f"{_fallen(lost)}, but it falls slowly: the daily cycle may explain it",
        evidence=(table_of(whole, rows),),
        limits=("the same hours of another day would tell",),
    )


def _fallen(lost: tuple[float, float]) -> str:
    return f"traffic is {percent(lost[0])} to {percent(lost[1])} of baseline"
