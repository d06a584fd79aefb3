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
    that length, and the departure itself over two buckets, since what comes in bursts has few causes
    (lastgood.algorithms.change_point; Olshen et al. 2004, Cox and Lewis 1966). What reaches to the end of the data is
    looked for once more by itself: a worse hour in the past does not hide what goes on. The chance is multiplied
    by everything tried that could tell at all (Tarone 1990), and must stay under 1 in 200, so that a hundred quiet
    questions alarm hardly once; besides, the effect must be large enough to matter: twice the failures, a
    quarter more latency, 20 ms inside, ten seconds of it. Requests are believed
    before spans, spans before log lines, lines before metrics; while what was found is not sure (a weighed
    log chance of -20), the next less direct signal is asked as well: metrics by the logarithm of latencies, the
    square root of counts and robust deviations (lastgood.algorithms.level_shift), and the way that requests take: time
    of one's own, the gap before each callee, where errors begin, what follows what. The mix of log lines, and the
    calls of each operation per request, come last.
    What departs only while a surer trouble at another time counts as usual is a return from it, and dropped.
    Of several troubles the one that goes on is told, else the last that ended within a quarter of an hour, else the
    surest. What came in steps began with its first. The onset is then refined on single events by profile likelihood,
    whose interval is reported; of a metric it is the middle between its last usual sample and the first unusual one,
    unless single events show it about then too.
Stays silent when
    Nothing departs (the verdict is no), or too few events or buckets exist to tell (unknown).
Known traps
    Data that begin inside the incident have no good window: the time after it is compared, and the
    limits say so. A gap of a whole signal is unknown, not silence: it holds no buckets, and a total loss of traffic that
    takes all spans with it is not seen in spans. What begins with the first row after a gap began somewhere in it.
    The first and the last seconds of a capture hold parts of requests
    and are left out; a departure of hardly a bucket at an end of the data is not believed.
    One inner service's metric alone wavers by itself: it counts when it is beyond doubt, with a resource, or with another
    service. A resource that is used more by as much as there is more to do, and is not used up, is no trouble.
    A folder that holds several incidents is asked about the last: ask with --to, or --now and --to now, about an earlier one.
    The good window is bounded to a day, and to where the believed signal has data: a question that wants
    a longer past of its own signal finds it in the case's window.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import compress
from math import exp, log

import numpy as np

from lastgood.algorithms.change_point import Departure, could_tell, departure, promising, slope
from lastgood.inspections._departures import ALARM, Candidate, drawn, matters, refined, sampled, told
from lastgood.inspections._levels import levels
from lastgood.inspections._registry import Case, Stage, inspection
from lastgood.inspections._series import (
    Symptom,
    SymptomSeries,
    Trust,
    call_series,
    line_series,
    mix_series,
    request_series,
    span_series,
)
from lastgood.inspections._shifted import focus_of, shifted
from lastgood.inspections._ways import own_series, step_series
from lastgood.model.answers import Onset, Trend
from lastgood.model.clock import from_nanoseconds
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window

QUESTION = "When did it start?"

FEWEST_BUCKETS = 10  # with events, or there is no past to depart from
FEWEST_EVENTS = 30
FEWEST_IN_SERIES = 5  # events
TOGETHER = 200  # series
FEWEST_VALUES = 30  # of a metric
PAST = timedelta(hours=24)
TREND = 2.6  # standard errors
IN_STEPS = {Symptom.ERRORS, Symptom.ERROR_LINES, Symptom.WARNINGS, Symptom.ERROR_KIND, Symptom.LATENCY}
LATELY = timedelta(minutes=15)  # ended, and still what whoever asks was called for
SURE = -20.0  # weighed log chance, beyond which less direct signals are not asked
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
    focus = focus_of(case, narrow=bool(found))
    metrics = list(levels(case, around=reduce(Window.hull, focus) if focus else None))
    found += [one for one in shifted(case, metrics, focus, _volumes(tried)) if _allowed(one, case)]
    found += _departing([*own_series(case), *step_series(case)], case)
    found = found or _departing([*mix_series(case), *call_series(case)], case)
    yield _started(case, found) if found else _nothing(tried, [one.series for one in metrics])


def _volumes(tried: list[SymptomSeries]) -> dict[str, SymptomSeries]:
    """How much each service has to do: its spans, else its lines."""
    counts = [one for one in tried if one.symptom is Symptom.SILENCE]
    return {one.service: one for one in sorted(counts, key=lambda one: -one.trust)}


def _departing(series: list[SymptomSeries], case: Case) -> list[Candidate]:
    candidates = []
    shares = [one for one in series if one.share]
    told = could_tell(((one.observed, one.exposure) for one in shares), ALARM)
    tries = log(max(1, len(series) - len(shares) + told))
    for one in _worth_a_look(series):
        for found in _scanned(one):
            candidate = Candidate(one, found, found.log_chance + tries)
            if candidate.log_chance <= ALARM and matters(one, found) and _allowed(candidate, case):
                candidates.append(candidate)
    return candidates


def _scanned(one: SymptomSeries) -> Iterator[Departure]:
    """What departs most, and what goes on at the end, if need be seen without the other: what is over does not go on."""
    first = departure(one.observed, one.exposure, share=one.share, rise=one.rise)
    if first is not None:
        yield first
    lasting = departure(one.observed, one.exposure, share=one.share, rise=one.rise, lasting=True)
    if first is not None and first.stop < one.grid.buckets and (not lasting or lasting.start < first.stop):
        known = np.ones(one.grid.buckets, bool)
        known[first.start : first.stop] = False
        seen = np.where(known, one.observed, 0.0), np.where(known, one.exposure, 0.0)
        alone = departure(*seen, share=one.share, rise=one.rise, lasting=True)
        lasting = (lasting or alone) if alone else None
    if lasting is not None:
        yield lasting


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


def _allowed(candidate: Candidate, case: Case) -> bool:
    """Whether it starts where somebody who gave a comparison says that it was bad."""
    if case.comparison is None or not case.comparison.given:
        return True
    start = candidate.series.grid.end(candidate.departure.start)
    return case.comparison.good.end <= start < case.comparison.bad.end


def _started(case: Case, candidates: list[Candidate]) -> Finding:
    found = [one for one in candidates if _by_itself(one, candidates)]
    symptom = min(_asked_about(found), key=_strength)
    first = _led_into(_earliest(symptom, found))
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
    """Those of the trouble that whoever asks is in: what goes on, else what has just ended, else all.

    What is left behind, by resources and ways alone, does not hide what hurt people until a moment ago.
    """
    going = [one for one in found if _ended(one) is None]
    lately = [one for one in found if one.series.grid.window.end - _end(one) <= LATELY]
    felt = [one for one in lately if one.series.trust < Trust.RESOURCES]
    if going and (not felt or any(one.series.trust < Trust.RESOURCES for one in going)):
        return going
    if not lately:
        return found
    last = max(felt or lately, key=_end)
    return [one for one in lately if _end(one) > from_nanoseconds(last.start)]


def _by_itself(candidate: Candidate, found: list[Candidate]) -> bool:
    """Whether it departs without a surer trouble at another time too: a return from that to the usual is no onset."""
    one, mine = candidate.series, candidate.departure
    known = np.ones(one.grid.buckets, bool)
    for other in found:
        if _strength(other) < _strength(candidate):
            start, stop = (
                int(
                    np.clip(
                        (time - one.grid.window.start).total_seconds() // one.grid.step, 0, one.grid.buckets
                    )
                )
                for time in (from_nanoseconds(other.start), _end(other))
            )
            if stop <= mine.start or start >= mine.stop:
                known[start:stop] = False
    if known.all() or one.symptom in {Symptom.LEVEL, Symptom.FASTER}:  # what is better since is told as that
        return True
    seen = np.where(known, one.observed, 0.0), np.where(known, one.exposure, 0.0)
    lasting = mine.stop == one.grid.buckets
    again = departure(*seen, share=one.share, rise=one.rise, lasting=lasting)
    tries = candidate.log_chance - mine.log_chance
    return again is not None and again.log_chance + tries <= ALARM and matters(one, again)


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


def _led_into(first: Candidate) -> Candidate:
    """The same from its first step on, where it came in steps: what reaches to its begin departs from what was before."""
    one, found = first.series, first.departure
    while one.symptom in IN_STEPS and found.start > FEWEST_BUCKETS:
        before = slice(0, found.start)
        earlier = departure(
            one.observed[before], one.exposure[before], share=one.share, rise=one.rise, lasting=True
        )
        if (
            earlier is None
            or earlier.log_chance > ALARM
            or earlier.inside < 2 * earlier.outside
            or earlier.events - earlier.expected < FEWEST_IN_SERIES
        ):
            break
        found = replace(earlier, stop=found.stop)
    return first if found is first.departure else replace(first, departure=found)


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
