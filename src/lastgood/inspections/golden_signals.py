"""What did the four golden signals do: latency, traffic, errors, saturation?

What it asks
    Each signal's shape, bad window against good: up, flat, down, or no data; with the figures behind it.
Why on-call asks it
    The four shapes together name the class of failure: a slow dependency looks different from overload,
    a bad deploy from a lost client.
Reads
    lg_requests, lg_spans, lg_points; lg_lines where there are no requests.
How
    Latency: quantiles (p50, p95, p99) per operation, up when any operation's rises beyond the
    order-statistic intervals of both windows (99.9 %, divided over operations; they assume no shape), by a
    quarter and a millisecond: a smaller change is not user-visible. Traffic: requests a second against the whole good
    window and its last part, so that a daily rhythm is flat; up when the 99.9 % interval of the ratio (of the
    split of the sum, binomial) lies above the least of both, or below it. Errors: the failure share per operation
    (Newcombe 1998) as in confirm, with its kinds (status, error type).
    Saturation: every metric that measures a resource by its name and unit, against its own past: up when the
    bad window's median passes the floor of its kind, five spreads and what 99 % of the past reached, or its limit.
    Metrics of exporters are read together as shares of a limit (free of total, idle of all, used of allowed), and
    belong to the services on that host.
    Without requests, metrics of latency, traffic and success are used, and error lines for errors. The same where
    lines record requests only when they fail, and a metric counts all.
Stays silent when
    There is no comparison; per signal where there is no data.
Known traps
    A shape is of the whole: one slow operation makes latency go up. Requests that fail at once make latency
    better, and a service that is starved looks idle. A restart empties caches and connection
    pools. Metrics that are only written while something happens have a past of happenings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lastgood.algorithms.counts import rate_ratio
from lastgood.algorithms.metric_meaning import Role
from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import GoldenSignals, Onset, Shape
from lastgood.model.evidence import Evidence, Table
from lastgood.model.figures import quantile_name
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.compared import (
    COMPARED_LEVEL,
    Compared,
    compared_requests,
    covered_seconds,
    only_failures,
    together,
)
from lastgood.readings.counters import counted_by_metrics
from lastgood.readings.levels import Change, changes
from lastgood.readings.series import IS_BAD_LINE
from lastgood.readings.unitless import unitless

# fmt: off
SIGNAL_UP = Amount(1.5, "times the rate, beyond its interval, is up", "judgement: half as much again is not an hourly rhythm")
SIGNAL_DOWN = Amount(0.6, "times the rate, beyond its interval, is down", "judgement: as far below on a scale of ratios")
SIGNALS_SHOWN = Count(8, "metrics that are shown of a signal", "judgement: so that a table stays readable")
SIGNALS_SURE = Amount(0.9, "of confidence in the four shapes", "judgement: each has its own level of 99.9 %")
ERROR_LINES_LEAST = Count(5, "error lines, for them to be up", "judgement: fewer come by chance")
ERRORS_FEWER = Amount(2.0, "times as large was the share of failures, for errors to be down", "judgement: less is not a recovery")
DOWN_OF_METRICS = Amount(0.5, "of a signal's metrics fall, for it to be down", "judgement: most")
# fmt: on

_KINDS = """
SELECT multiIf(error_type != '', error_type, http_status > 0, toString(http_status), 'error') AS error,
       countIf(phase = 'good') AS before, countIf(phase = 'bad') AS now
FROM lg_spans WHERE failed AND phase != '' GROUP BY error ORDER BY now DESC, error LIMIT 20"""
_STATUS = """
SELECT toString(http_status) AS error, countIf(phase = 'good') AS before, countIf(phase = 'bad') AS now
FROM lg_requests WHERE failed AND phase != '' GROUP BY error ORDER BY now DESC, error LIMIT 20"""
_LINES = f"""
SELECT countIf(phase = 'good') AS before, countIf(phase = 'bad') AS now FROM lg_lines WHERE {IS_BAD_LINE}"""

Details = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Reported:
    """One signal: its shape, the figures behind it (name: good, bad), and what they rest on."""

    shape: Shape | None
    details: Details
    evidence: tuple[Evidence, ...] = ()


@inspection(
    "What did the golden signals do?",
    stage=Stage.SCOPE,
    needs={Signal.LOGS, Signal.SPANS, Signal.METRICS},
    uses=(Onset,),
    gives=GoldenSignals,
)
def golden_signals(case: Case) -> Iterator[Finding]:
    """The shape of each signal."""
    comparison = case.comparison
    if comparison is None:
        yield Finding(Verdict.UNKNOWN, "there is no good time to compare the bad one with")
        return
    parts, rows = compared_requests(case)
    metrics = changes(case, comparison)
    measured = {one.level.meant.role for one in metrics}
    if parts and not (only_failures(parts) and Role.TRAFFIC in measured):
        latency, traffic = _latency(parts), _traffic(case, comparison, together(parts))
        errors = _errors(case, parts)
        table = _table("Requests", {**latency.details, **traffic.details, **errors.details})
        evidence: tuple[Evidence, ...] = (Table(*table, rows.provenance), *errors.evidence)
    else:
        latency = _measured(metrics, Role.LATENCY)
        traffic = _counted_traffic(case, comparison) or _measured(metrics, Role.TRAFFIC)
        errors = _errors_elsewhere(case, comparison, metrics)
        evidence = latency.evidence + traffic.evidence + errors.evidence
    saturation = _measured(metrics, Role.RESOURCE)
    reported = {"latency": latency, "traffic": traffic, "errors": errors, "saturation": saturation}
    unread = tuple(unitless(case)) if case.has(Signal.LOGS) else ()
    yield _finding(reported, evidence + saturation.evidence, unread)


def _finding(
    reported: dict[str, Reported], evidence: tuple[Evidence, ...], unread: tuple[str, ...]
) -> Finding:
    answer = GoldenSignals(
        reported["latency"].shape,
        reported["traffic"].shape,
        reported["errors"].shape,
        reported["saturation"].shape,
        {name: pair for one in reported.values() for name, pair in one.details.items()},
    )
    silent = [name for name, one in reported.items() if one.shape is None]
    limits = (*unread, *((f"no data on {' and '.join(silent)}",) if silent else ()))
    if len(silent) == len(reported) or not evidence:
        return Finding(Verdict.UNKNOWN, "no signal has data in both windows", limits=limits)
    moved = [f"{name} {one.shape}" for name, one in reported.items() if one.shape not in {None, Shape.FLAT}]
    flat = [name for name, one in reported.items() if one.shape is Shape.FLAT]
    said = "; ".join(filter(None, (", ".join(moved), f"{', '.join(flat)} flat" if flat else "")))
    return Finding(
        Verdict.YES if moved else Verdict.NO,
        said,
        confidence=SIGNALS_SURE,
        answer=answer,
        evidence=evidence,
        limits=limits,
    )


def _latency(parts: tuple[Compared, ...]) -> Reported:
    whole = together(parts)
    level = 1 - (1 - COMPARED_LEVEL) / len(parts)
    timed = whole.shifts()
    if not timed:
        return Reported(None, {})
    slower = [part for part in parts if part.slower(level)]
    shown = together(slower) if slower else whole
    details = {
        f"latency {quantile_name(shift.quantile)} ms": (shift.good / 1e6, shift.bad / 1e6)
        for shift in shown.shifts()
    }
    if slower or whole.slower():
        return Reported(Shape.UP, details)
    return Reported(Shape.DOWN if whole.faster() else Shape.FLAT, details)


def _traffic(case: Case, comparison: Comparison, whole: Compared) -> Reported:
    signal = Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS
    bad_seconds = covered_seconds(case, comparison.bad, signal)
    good_seconds = covered_seconds(case, comparison.good, signal)
    if not bad_seconds or not good_seconds:
        return Reported(None, {})
    recent = Window(
        max(comparison.good.start, comparison.good.end - comparison.bad.length), comparison.good.end
    )
    lately = case.query("SELECT count() AS n FROM lg_requests", window=recent).dicts()[0]["n"]
    now = (whole.bad.requests, bad_seconds)
    ratios = (
        rate_ratio(now, (whole.good.requests, good_seconds), COMPARED_LEVEL),
        rate_ratio(now, (lately, covered_seconds(case, recent, signal)), COMPARED_LEVEL),
    )
    rate = whole.bad.requests / bad_seconds
    details = {"requests a second": (whole.good.requests / good_seconds, rate)}
    if recent != comparison.good and (before := covered_seconds(case, recent, signal)):
        details["requests a second, just before"] = (lately / before, rate)
    if all(high < SIGNAL_DOWN for _, high in ratios):
        return Reported(Shape.DOWN, details)
    return Reported(Shape.UP if all(low > SIGNAL_UP for low, _ in ratios) else Shape.FLAT, details)


def _counted_traffic(case: Case, comparison: Comparison) -> Reported | None:
    """Of services that count their requests by status: all of them, however they ended; None where none does."""
    if not case.has(Signal.METRICS):
        return None
    parts, rows = counted_by_metrics(case)
    if not parts:
        return None
    bad, good = comparison.bad.seconds, comparison.good.seconds
    whole = together(parts)
    low, high = rate_ratio((whole.bad.requests, bad), (whole.good.requests, good), COMPARED_LEVEL)
    details = {
        f"{' '.join(part.places[-1])} a second": (part.good.requests / good, part.bad.requests / bad)
        for part in parts[:SIGNALS_SHOWN]
    }
    title, columns, values = _table("Requests that metrics count", details)
    shape = Shape.DOWN if high < SIGNAL_DOWN else Shape.UP if low > SIGNAL_UP else Shape.FLAT
    return Reported(shape, details, (Table(title, columns, values, rows.provenance),))


def _errors(case: Case, parts: tuple[Compared, ...]) -> Reported:
    whole = together(parts)
    level = 1 - (1 - COMPARED_LEVEL) / len(parts)
    details: Details = {"failure share": (whole.good.share, whole.bad.share)}
    rows = case.query(
        _KINDS if case.has(Signal.SPANS) else _STATUS,
        window=case.comparison.hull if case.comparison else None,
    )
    kinds = tuple((row["error"], row["before"], row["now"]) for row in rows.dicts())
    evidence = (Table("Errors by kind", ("error", "good", "bad"), kinds, rows.provenance),) if kinds else ()
    if whole.fails_more() or any(part.fails_more(level) for part in parts):
        return Reported(Shape.UP, details, evidence)
    fewer = whole.errors()[1] < 0 and whole.good.share >= ERRORS_FEWER * whole.bad.share
    return Reported(Shape.DOWN if fewer else Shape.FLAT, details, evidence)


def _errors_elsewhere(case: Case, comparison: Comparison, metrics: list[Change]) -> Reported:
    """Errors without requests: metrics of success and failure, else error lines."""
    measured = _measured(metrics, Role.SUCCESS)
    if measured.shape is not None:
        turned = {Shape.UP: Shape.DOWN, Shape.DOWN: Shape.UP}
        return Reported(turned.get(measured.shape, measured.shape), measured.details, measured.evidence)
    failures = _measured(metrics, Role.FAILURES)
    seconds = [covered_seconds(case, window, Signal.LOGS) for window in (comparison.good, comparison.bad)]
    if failures.shape is not None or not all(seconds):
        return failures
    rows = case.query(_LINES, window=comparison.hull)
    (found,) = rows.dicts()
    low, high = rate_ratio((found["now"], seconds[1]), (found["before"], seconds[0]), COMPARED_LEVEL)
    pair = found["before"] / seconds[0], found["now"] / seconds[1]
    shape = (
        Shape.UP
        if low > SIGNAL_UP and found["now"] >= ERROR_LINES_LEAST
        else Shape.DOWN
        if high < SIGNAL_DOWN
        else Shape.FLAT
    )
    title, columns, values = _table("Error lines", {"error lines a second": pair})
    return Reported(shape, {"error lines a second": pair}, (Table(title, columns, values, rows.provenance),))


def _measured(metrics: list[Change], role: Role) -> Reported:
    """The shape of the metrics of a role: up when any rises, down when most fall."""
    seen = [one for one in metrics if one.level.meant.role is role]
    if not seen:
        return Reported(None, {})
    ups = sorted((one for one in seen if one.up), key=lambda one: -one.spreads)
    downs = sum(one.down for one in seen)
    shape = Shape.UP if ups else Shape.DOWN if downs > len(seen) * DOWN_OF_METRICS else Shape.FLAT
    details = {one.name: (one.usual, one.now) for one in (ups or seen)[:SIGNALS_SHOWN]}
    title, columns, values = _table(f"Metrics of {role}", details)
    return Reported(shape, details, (Table(title, columns, values, seen[0].level.series.provenance),))


def _table(title: str, details: Details) -> tuple[str, tuple[str, ...], tuple[tuple[str | float, ...], ...]]:
    return title, ("figure", "good", "bad"), tuple((name, *pair) for name, pair in details.items())
