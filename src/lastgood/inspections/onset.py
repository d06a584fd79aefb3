"""When did it start, is it still going, and which times should be compared?

What it asks
    The moment at which the system departs from its own past, with the interval that holds it; whether
    it is over; where it is going; and the good and the bad window that every later question compares.
Why on-call asks it
    "What changed?" can only be answered against a time, and every comparison needs a before.
Reads
    lg_requests, lg_spans, lg_lines, lg_points.
How
    Events are counted per bucket of time: failed requests, requests slower than a pooled quantile of
    their operation, requests at all, error lines, kinds of errors. Each series is scanned for the stretch
    that departs most from the rest of itself, by likelihood ratio over the noise that the rest shows at
    that length (lastgood.algorithms.change_point). The chance is multiplied by everything tried, and
    must stay under 1 in 200; besides, the effect must be large enough to matter. Requests are believed
    before spans, spans before log lines, lines before metrics; while what was found is not sure (a weighed
    log chance of -20), the next less direct signal is asked as well. The mix of log lines, and the calls of
    each operation per request, come last. The onset is then refined on single events by profile likelihood,
    whose interval is reported; of a metric it is the middle between its last usual sample and the first unusual one,
    unless single events show it about then too.
Stays silent when
    Nothing departs (the verdict is no), or too few events or buckets exist to tell (unknown).
Known traps
    Data that begin inside the incident have no good window: the time after it is compared, and the
    limits say so. A gap of a whole signal is unknown, not silence: a total loss of traffic that takes all
    spans with it is not seen in spans. The first and the last seconds of a capture hold parts of requests
    and are left out; a departure of hardly a bucket at an end of the data is not believed.
    One inner service's metric alone wavers by itself: it counts with a resource, or with another service.
    The good window is bounded to a day, and to where the believed signal has data: a question that wants
    a longer past of its own signal finds it in the case's window.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import compress, product
from math import exp, log

import numpy as np

from lastgood.algorithms.change_point import Departure, could_tell, departure, promising, slope
from lastgood.algorithms.level_shift import level_shift
from lastgood.algorithms.metric_meaning import Role
from lastgood.inspections._departures import RARER, Candidate, drawn, matters, refined, sampled, told
from lastgood.inspections._levels import Level, inner_services, levels
from lastgood.inspections._registry import Case, Stage, inspection
from lastgood.inspections._series import (
    Symptom,
    SymptomSeries,
    Trust,
    call_series,
    grid_of,
    line_series,
    mix_series,
    request_series,
    span_series,
)
from lastgood.inspections._ways import own_series, step_series
from lastgood.model.answers import Onset, Trend
from lastgood.model.clock import from_nanoseconds
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window

QUESTION = "When did it start?"

ALARM = log(1 / 200)  # of the chance that quiet data alarm, over everything tried
FEWEST_BUCKETS = 10  # with events, or there is no past to depart from
FEWEST_EVENTS = 30
FEWEST_IN_SERIES = 5  # events
TOGETHER = 200  # series
FEWEST_VALUES = 30  # of a metric
PAST = timedelta(hours=24)
TREND = 2.6  # standard errors
BACKED = 3  # samples at most between what backs each other
LEAST_AROUND = timedelta(minutes=2)  # two samples of most metrics
MISSED = 30  # requests that did not come, to be a loss
LATELY = timedelta(minutes=15)  # ended, and still what whoever asks was called for
ALONE = -15.0  # log chance of one inner service's metric that needs no other
SURE = -20.0  # weighed log chance, beyond which less direct signals are not asked
LOG_SPREAD = 0.1  # the least spread of the logarithm of a latency to believe
ROOT_SPREAD = 0.5  # of the square root of a count
LEADING = 0.5  # of the symptom's log chance, for what is said to have led into it
TRUSTED = {
    Trust.REQUESTS: 1.0, Trust.SPANS: 0.7, Trust.LINES: 0.6, Trust.METRICS: 0.5, Trust.RESOURCES: 0.4,
    Trust.WAYS: 0.4, Trust.MIX: 0.3,
}  # fmt: skip

Source = Callable[[Case], Iterator[SymptomSeries]]


@inspection(QUESTION, stage=Stage.CONFIRM, needs={Signal.LOGS, Signal.SPANS, Signal.METRICS}, gives=Onset)
def onset(case: Case) -> Iterator[Finding]:
    """The onset found in the most direct symptom there is."""
    tried: list[SymptomSeries] = []
    found: list[Candidate] = []
    for sources in ((request_series, span_series), (line_series,)):
        series = [one for source in sources for one in source(case)]
        tried += series
        found += _departing(series, case)
        if found and min(map(_strength, found))[0] <= SURE:
            yield _started(case, found)
            return
    focus = _focus(case, narrow=bool(found))
    metrics = list(levels(case, around=reduce(Window.hull, focus) if focus else None))
    found += _shifted(case, metrics, focus)
    found += _departing([*own_series(case), *step_series(case)], case)
    found = found or _departing([*mix_series(case), *call_series(case)], case)
    yield _started(case, found) if found else _nothing(tried, [one.series for one in metrics])


def _departing(series: list[SymptomSeries], case: Case) -> list[Candidate]:
    candidates = []
    shares = [one for one in series if one.share]
    told = could_tell(((one.observed, one.exposure) for one in shares), ALARM)
    tries = log(max(1, len(series) - len(shares) + told))
    for one in _worth_a_look(series):
        for lasting in (False, True):
            found = departure(one.observed, one.exposure, share=one.share, rise=one.rise, lasting=lasting)
            if found is None or found.log_chance + tries > ALARM or not matters(one, found):
                continue
            candidate = Candidate(one, found, found.log_chance + tries)
            if _allowed(candidate, case):
                candidates.append(candidate)
    return candidates


def _worth_a_look(series: list[SymptomSeries]) -> Iterator[SymptomSeries]:
    """Those that could depart; all of a kind are looked at together, since one by one costs far more."""
    kinds: dict[tuple[int, bool, bool], list[SymptomSeries]] = {}
    for one in series:
        kinds.setdefault((one.grid.buckets, one.share, one.rise), []).append(one)
    for (_, share, rise), alike in kinds.items():
        for first in range(0, len(alike), TOGETHER):
            some = alike[first : first + TOGETHER]
            observed, exposure = (np.stack([getattr(o, n) for o in some]) for n in ("observed", "exposure"))
            enough = observed.sum(axis=1) >= FEWEST_IN_SERIES
            yield from compress(some, enough & promising(observed, exposure, share=share, rise=rise))


def _shifted(case: Case, metrics: list[Level], focus: tuple[Window, ...]) -> list[Candidate]:
    """Metrics that leave their level, near the more direct signals where those cover but a part."""
    candidates = []
    tries = log(max(1, len(metrics)))
    for one, lasting in product(metrics, (False, True)):
        found = _left(one, lasting=lasting)
        if found is None or found.log_chance + tries > ALARM or not found.start or not _clear(one, found):
            continue
        candidate = Candidate(one.series, found, found.log_chance + tries)
        near = not focus or any(one.holds(from_nanoseconds(candidate.start)) for one in focus)
        if near and _allowed(candidate, case):
            candidates.append(candidate)
    inner = inner_services(case)
    return [one for one in candidates if one.series.service not in inner or _backed(one, candidates)]


def _backed(one: Candidate, candidates: list[Candidate]) -> bool:
    """Whether a resource, or another service about then, says so too: one inner service alone wavers by itself."""
    if one.series.trust is Trust.RESOURCES or one.log_chance <= ALONE:
        return True
    near = BACKED * _apart(one.series) * 1_000_000_000
    return any(
        abs(other.start - one.start) <= near
        for other in candidates
        if other.series.service != one.series.service or other.series.trust is Trust.RESOURCES
    )


def _apart(one: SymptomSeries) -> float:
    """The usual seconds between two samples."""
    between = np.diff(np.flatnonzero(np.isfinite(one.observed)))
    return float(np.median(between) if len(between) else 1) * one.grid.step


def _left(one: Level, *, lasting: bool) -> Departure | None:
    """The level shift of a metric, on the scale on which it varies evenly.

    Latency varies by factors, so its logarithm is judged; requests are counts, whose square root
    varies by a half whatever their number (Anscombe 1948).
    """
    values = one.series.observed
    least = one.meant.floor / 4
    if one.meant.role is Role.LATENCY and one.meant.kind == "latency":
        found = level_shift(
            np.log(np.maximum(values, 0.0) + least), floor=LOG_SPREAD, rise=True, lasting=lasting
        )
        return found and replace(found, inside=exp(found.inside) - least, outside=exp(found.outside) - least)
    if one.meant.role is Role.TRAFFIC:
        each = _apart(one.series) * one.meant.scale  # requests between two samples, per unit of the metric
        found = level_shift(
            np.sqrt(np.maximum(values, 0.0) * each), floor=ROOT_SPREAD, rise=False, lasting=lasting
        )
        return found and replace(found, inside=found.inside**2 / each, outside=found.outside**2 / each)
    middle = float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
    floor = max(least, abs(middle) * 0.02, 1e-9)
    return level_shift(values, floor=floor, rise=one.series.rise, lasting=lasting)


def _clear(one: Level, found: Departure) -> bool:
    meant = one.meant
    high, low = max(found.inside, found.outside), min(found.inside, found.outside)
    if one.meant.role is Role.TRAFFIC:
        seconds = (one.series.grid.end(found.stop - 1) - one.series.grid.begin(found.start)).total_seconds()
        return low <= RARER * high and (high - low) * one.meant.scale * seconds >= MISSED
    return high - low >= meant.floor and (
        low <= 0 or high >= min(meant.ratio, 2.0) * low or meant.role is Role.SUCCESS
    )


def _focus(case: Case, *, narrow: bool) -> tuple[Window, ...]:
    """What logs and spans cover, with as much again on both sides: they were captured around the incident.

    `narrow`: they show something themselves, so that half as much is enough. Nothing: there are none of them.
    """
    grids = [grid for signal in (Signal.SPANS, Signal.LOGS) if (grid := grid_of(case, signal)) is not None]
    covered = [
        Window(grid.begin(first), grid.end(last - 1)) for grid in grids for first, last in grid.stretches
    ]
    around = [max(one.length, LEAST_AROUND) / (2 if narrow else 1) for one in covered]
    return tuple(Window(one.start - more, one.end + more) for one, more in zip(covered, around, strict=True))


def _allowed(candidate: Candidate, case: Case) -> bool:
    """Whether it starts where somebody who gave a comparison says that it was bad."""
    if case.comparison is None or not case.comparison.given:
        return True
    start = candidate.series.grid.end(candidate.departure.start)
    return case.comparison.good.end <= start < case.comparison.bad.end


def _started(case: Case, found: list[Candidate]) -> Finding:
    symptom = min(_asked_about(found), key=_strength)
    first = _earliest(symptom, found)
    at, low, high = sampled(first) if first.series.symptom is Symptom.LEVEL else refined(case, first)
    ended = _ended(symptom)
    comparison, limits = _comparison(case, symptom, (at, low, high), ended)
    answer = Onset(
        at=at,
        low=low,
        high=high,
        ended=ended,
        trend=None if ended else _trend(symptom),
        first_symptom=told(first),
        comparison=comparison,
    )
    because = told(symptom) if first is symptom else f"{told(symptom)}; first seen where {told(first)}"
    return Finding(
        QUESTION,
        Verdict.YES if not limits else Verdict.UNKNOWN,
        because,
        confidence=None if limits else _confidence(symptom),
        answer=answer,
        evidence=drawn(symptom) + (() if first is symptom else drawn(first)),
        limits=(*limits, *_caveats(symptom)),
    )


def _asked_about(found: list[Candidate]) -> list[Candidate]:
    """Those of the trouble that whoever asks is in: what goes on, else what has just ended, else all."""
    going = [one for one in found if _ended(one) is None]
    if going:
        return going
    lately = [one for one in found if one.series.grid.window.end - _end(one) <= LATELY]
    if not lately:
        return found
    last = max(lately, key=_end)
    return [one for one in lately if _end(one) > from_nanoseconds(last.start)]


def _end(candidate: Candidate) -> datetime:
    return candidate.series.grid.end(candidate.departure.stop - 1)


def _strength(candidate: Candidate) -> tuple[float, float]:
    """What sorts the believed before the others: how sure it is, weighed by how directly it hurts users."""
    weight = TRUSTED[candidate.series.trust] * (0.5 if candidate.series.symptom is Symptom.FASTER else 1.0)
    return weight * candidate.log_chance, -abs(candidate.departure.statistic)


def _earliest(symptom: Candidate, found: list[Candidate]) -> Candidate:
    """The earliest departure that leads into the symptom: as sure, shortly before it, and lasting into it."""
    if symptom.series.symptom is Symptom.LEVEL:
        return _sharper(symptom, found)
    grid = symptom.series.grid
    step = grid.step * 1_000_000_000
    length = (symptom.departure.stop - symptom.departure.start) * step
    leading = [
        c
        for c in found
        if c.series.symptom in {Symptom.ERRORS, Symptom.LATENCY, Symptom.ERROR_LINES, Symptom.ERROR_KIND}
        and c.series.grid == grid
        and symptom.start - max(length / 2, 4 * step) <= c.start < symptom.start
        and c.departure.stop >= min(symptom.departure.stop, symptom.departure.start + 2)
        and c.log_chance <= LEADING * symptom.log_chance
    ]
    return min(leading, key=lambda c: (c.start, c.log_chance), default=symptom)


def _sharper(symptom: Candidate, found: list[Candidate]) -> Candidate:
    """What single events show of a metric's departure, about as early: they tell when to the second."""
    _, low, high = sampled(symptom)
    sample = high - low
    events = [
        c
        for c in found
        if c.series.symptom is not Symptom.LEVEL
        and low - sample <= from_nanoseconds(c.start) <= high + sample
    ]
    return min(events, key=_strength, default=symptom)


def _ended(symptom: Candidate) -> datetime | None:
    """When it was over, None while it goes on or when what follows is too little to tell."""
    one, found = symptom.series, symptom.departure
    rest_events, rest = float(one.observed[found.stop :].sum()), float(one.exposure[found.stop :].sum())
    if rest <= 0 or found.stop >= one.grid.buckets:
        return None
    if one.symptom is Symptom.LEVEL:
        after = one.observed[found.stop :]
        over = np.isfinite(after).sum() >= 2
        return one.grid.end(found.stop - 1) if over else None
    middle = (found.inside + found.outside) / 2
    over = rest_events < middle * rest if one.rise else rest_events > middle * rest
    told_apart = abs(found.inside - found.outside) * rest >= 5
    if not (over and told_apart):
        return None
    return one.grid.end(found.stop - 1)


def _trend(symptom: Candidate) -> Trend | None:
    one, found = symptom.series, symptom.departure
    observed, exposure = one.observed[found.start : found.stop], one.exposure[found.start : found.stop]
    if len(observed) < 4 or not one.share:
        return None
    middle = len(observed) // 2
    halves = [
        observed[part].sum() / max(exposure[part].sum(), 1) for part in (slice(middle), slice(middle, None))
    ]
    statistic = slope(observed, exposure) / found.dispersion**0.5
    if statistic > TREND and halves[1] > 1.25 * halves[0]:
        return Trend.WORSE
    if statistic < -TREND and halves[1] < 0.8 * halves[0]:
        return Trend.BETTER
    return Trend.STEADY


def _comparison(
    case: Case, symptom: Candidate, when: tuple[datetime, datetime, datetime], ended: datetime | None
) -> tuple[Comparison, tuple[str, ...]]:
    """What to compare, and what is wrong with it."""
    if case.comparison is not None and case.comparison.given:
        return case.comparison, ()
    at, low, _ = when
    grid = symptom.series.grid
    whole = grid.window
    slack = timedelta(seconds=min(grid.step, max(1.0, (low - whole.start).total_seconds() * 0.05)))
    bad = Window(at, max(ended or whole.end, at + timedelta(seconds=1)))
    good_end = low - slack
    good_start = max(whole.start, low - PAST)
    if symptom.departure.start > 0 and good_end > good_start:
        return Comparison(Window(good_start, good_end), bad), ()
    after = grid.end(symptom.departure.stop - 1)
    return Comparison(
        Window(after, max(whole.end, after + slack)), Window(at, max(after, bad.start + slack))
    ), (
        "there is no good period before it in the data: it may have started earlier",
        "it is compared with the time after it",
    )


def _confidence(symptom: Candidate) -> float:
    certain = 1 - exp(symptom.log_chance)
    return round(min(certain, 0.99 if symptom.series.trust <= Trust.SPANS else 0.95), 3)


def _caveats(symptom: Candidate) -> tuple[str, ...]:
    if symptom.series.symptom in {Symptom.TRAFFIC, Symptom.SILENCE}:
        return ("fewer events can also mean that telemetry was lost",)
    return ()


def _nothing(tried: list[SymptomSeries], metrics: list[SymptomSeries]) -> Finding:
    """That nothing departs, or that there is too little to tell."""
    volume = [s for s in tried if s.symptom in {Symptom.TRAFFIC, Symptom.SILENCE}]
    events = sum(float(s.observed.sum()) for s in volume)
    filled = max((int((s.observed > 0).sum()) for s in volume), default=0)
    values = max((int(np.isfinite(s.observed).sum()) for s in metrics), default=0)
    if (events < FEWEST_EVENTS or filled < FEWEST_BUCKETS) and values < FEWEST_VALUES:
        return Finding(
            QUESTION,
            Verdict.UNKNOWN,
            f"{events:,.0f} events in {filled} stretches of time and {len(metrics)} metrics with at most {values} values "
            f"are too few to tell an incident from chance; {FEWEST_EVENTS} events in {FEWEST_BUCKETS} stretches, or "
            f"{FEWEST_VALUES} values of a metric, would be the least",
        )
    shown = max(volume or metrics, key=lambda s: float(np.nansum(s.observed)))
    return Finding(
        QUESTION,
        Verdict.NO,
        f"nothing departs from its own past: {len(tried)} series over {events:,.0f} events and {len(metrics)} metrics "
        "stay within their usual noise",
        confidence=0.9,
        evidence=drawn(Candidate(shown, _level(shown), 0.0)),
    )


def _level(one: SymptomSeries) -> Departure:
    rate = float(np.nansum(one.observed) / max(one.exposure.sum(), 1))
    return Departure(0, one.grid.buckets, rate, rate, 0.0, 0.0, 1.0, 1, 0.0, 0.0)
