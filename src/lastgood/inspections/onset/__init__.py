"""When did it start, is it still going, and which times should be compared?

What it asks
    When the system started to deviate from its baseline, as a time with an interval. Whether it has ended, and its
    trend. Which baseline and which bad window all later questions compare.
Why on-call asks it
    "What changed?" can only be answered against a time, and every comparison needs a baseline.
Reads
    lg_requests, lg_spans, lg_lines, lg_points.
How
    - Events are counted per time bucket: failed requests, slow requests, all requests, error lines, kinds of
      errors. Slow is above a pooled quantile of the operation.
    - Each series is scanned for the interval that deviates most from the rest of it, by likelihood ratio over the
      noise at that length (lastgood.algorithms.change_point; Olshen et al. 2004, Cox and Lewis 1966).
    - An interval up to the end of the data is searched for separately, so a worse hour in the past does not hide
      it.
    - The chance is multiplied by the number of tests that could alarm (Tarone 1990): a hundred quiet periods alarm
      hardly once. The effect must also be large enough in share, time and length.
    - If the first sign is a log line of another service, the interval reaches to where the symptom itself began.
    - Requests rank before spans, spans before log lines, lines before metrics. While the result is uncertain, the
      next signal is read too: metrics (lastgood.algorithms.level_shift) and request paths. Log mix and call counts
      come last.
    - The return from a more certain incident at another time is dropped. Log volume is compared with the work in
      spans.
    - Weak evidence is ignored when stronger evidence may share its start. The more direct of both gives the onset.
    - If several anomalies are found, the ongoing one is reported. Among those it is the one affecting most requests
      (a slow request counts half, as in Apdex), otherwise the most certain.
    - If all have ended, it is the most certain user-visible one that ended lately. Otherwise recent weak evidence,
      stated as such. Otherwise the most certain, weighted down with age. An anomaly without a baseline comes last.
    - What was slow at one place until it failed started when it became slow: so did waits for slow statements.
    - An incident that rose in steps started with its first step, or with an earlier user-visible sign as certain.
    - The onset is refined on single events by profile likelihood, whose interval is reported. For a metric it lies
      between the first unusual sample and the due time of the sample before.
    - If an uncertain anomaly has only just stopped, the bad window runs to the end of the data: rare events pause. If it
      ended long before the data, the answer is unknown: another trouble may be meant.
    - Other certain anomalies are listed as episodes, unless they may share this start or lie inside this one. Each
      has the window that shows it alone. The windows are cut where a user-visible one starts, if enough is left.
Stays silent when
    No signal deviates: the answer is no, or unknown where `confirm` has a reason to doubt it. Too few events or
    buckets: the answer is unknown. If half of all requests fail from the first data on, it started before them.
Known traps
    Data that start inside the incident have no baseline: the time after it is compared, and the limits state that.
    A gap of a whole signal is unknown, not silence. If a traffic loss removes all spans, spans cannot show it. The
    first and last seconds of a capture hold parts of requests and are left out. The metric of one inner service
    wavers: it counts if it is certain, with a resource, or with another service. A resource whose use grows with
    the work, and is not used up, is not an anomaly. Two incidents at one place, or in one minute, are reported as
    one. If user impact is certain, lines and metrics are not read for other episodes. The baseline is at most a day
    of the reported signal. Other questions may look further back.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import reduce
from itertools import compress
from math import exp, log

import numpy as np

from lastgood.algorithms.change_point import Deviation, could_tell, deviation, promising
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.onset.crept import crept_into, logged_before
from lastgood.inspections.onset.deviations import (
    Candidate,
    drawn,
    matters,
    refined,
    reported,
    sampled,
    to_the_bucket,
)
from lastgood.inspections.onset.episodes import (
    asked_about,
    before_the_data,
    earliest,
    has_a_past,
    led_into,
    most_direct,
    over_at,
    slow_before,
    strength,
    stretch_of,
    trend_of,
)
from lastgood.inspections.onset.faint import compared_until, faint, long_over
from lastgood.inspections.onset.felt import latest_begin
from lastgood.inspections.onset.made_of import by_its_kind
from lastgood.inspections.onset.others import Trouble, episodes, troubles_of
from lastgood.inspections.onset.sharpened import sharpened
from lastgood.inspections.onset.shifted import focus_of, shifted
from lastgood.inspections.onset.slowed import slowed_before
from lastgood.inspections.onset.tolerated import by_themselves_and_felt
from lastgood.inspections.onset.unread import unread
from lastgood.inspections.onset.ways import own_series, step_series
from lastgood.inspections.onset.weights import (
    ALARM_CHANCE,
    CUT_LEFT,
    ENOUGH_BUCKETS,
    ENOUGH_EVENTS,
    ENOUGH_IN_SERIES,
    ENOUGH_VALUES,
    LINES_PER_WORK,
    MARGIN,
    OTHERS_SURE,
    PAST_READ,
    QUIET_SURE,
    REQUESTS_SURE,
    SCANNED_TOGETHER,
    SURE_CHANCE,
    TRAFFIC_LEFT,
    WEAK_CHANCE,
)
from lastgood.model.answers import Onset
from lastgood.model.figures import count
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.doubts import doubt
from lastgood.readings.levels import levels
from lastgood.readings.series import (
    Symptom,
    SymptomSeries,
    Trust,
    call_series,
    line_series,
    mix_series,
    refused_series,
    request_series,
    span_series,
)

SLOWNESS = {Symptom.LATENCY, Symptom.FASTER}
CUT_BESIDE = "the windows are cut where another incident starts"

Source = Callable[[Case], Iterator[SymptomSeries]]
Reported = tuple[
    Candidate, Candidate, list[Trouble]
]  # the symptom, what it began with, all troubles: its own first


@inspection(
    "When did it start?", stage=Stage.CONFIRM, needs={Signal.LOGS, Signal.SPANS, Signal.METRICS}, gives=Onset
)
def onset(case: Case) -> Iterator[Finding]:
    """The onset found in the most direct symptom there is."""
    tried: list[SymptomSeries] = []
    found: list[Candidate] = []
    for sources in ((request_series, span_series), (refused_series, line_series)):
        series = [one for source in sources for one in source(case)]
        tried += series
        found += _departing(series, case)
        volumes = _volumes(tried)
        found = [one for one in found if not _busier(one, volumes.get(one.series.service))]
        if _settled(found, last=line_series in sources):
            yield _started(case, found, tried)
            return
    focus = focus_of(case, narrow=any(one.log_chance <= ALARM_CHANCE for one in found))
    metrics = list(levels(case, around=reduce(Window.hull, focus) if focus else None))
    found += [one for one in shifted(case, metrics, focus, _volumes(tried)) if _allowed(one, case)]
    found += _departing([*own_series(case), *step_series(case)], case)
    if all(one.log_chance > ALARM_CHANCE for one in found):
        found += _departing([*mix_series(case), *call_series(case)], case)
    yield (
        _started(case, found, tried)
        if asked_about(found)
        else (None if tried else unread(case, metrics)) or _nothing(case, tried, [m.series for m in metrics])
    )


def _settled(found: list[Candidate], *, last: bool) -> bool:
    """Whether less direct signs need not be asked: not where all that is sure is that it was slow for a while."""
    lasts = (
        one.series.symptom is not Symptom.REFUSED
        and (last or one.series.symptom not in SLOWNESS or over_at(one) is None)
        for one in found
    )
    return any(on and strength(one)[0] <= SURE_CHANCE for on, one in zip(lasts, found, strict=True))


def _volumes(tried: list[SymptomSeries]) -> dict[str, SymptomSeries]:
    """How much each service has to do: its spans, else its lines."""
    counts = [one for one in tried if one.symptom is Symptom.SILENCE]
    return {one.service: one for one in sorted(counts, key=lambda one: -one.trust)}


def _busier(one: Candidate, volume: SymptomSeries | None) -> bool:
    """Whether a service logs more or less because there is more or less to do, as its spans count it."""
    series, found = one.series, one.deviation
    if series.trust is not Trust.LINES or series.share or volume is None or volume.trust is not Trust.SPANS:
        return False
    lasts = stretch_of(one)
    inside = np.zeros(volume.grid.buckets, bool)
    inside[volume.grid.first_from(lasts.start) : volume.grid.first_from(lasts.end)] = True
    if not (volume.exposure[inside].any() and volume.exposure[~inside].any()):
        return False
    now, usual = (volume.observed[part].sum() / volume.exposure[part].sum() for part in (inside, ~inside))
    per_work, before = found.inside * usual, found.outside * now
    return bool(per_work < LINES_PER_WORK * before if series.rise else per_work > TRAFFIC_LEFT * before)


def _departing(series: list[SymptomSeries], case: Case) -> list[Candidate]:
    candidates = []
    shares = [one for one in series if one.share]
    reported = could_tell(((one.observed, one.exposure) for one in shares), ALARM_CHANCE)
    tries = log(max(1, len(series) - len(shares) + reported))
    for one in _worth_a_look(series):
        for found in _scanned(one, tries):
            candidate = Candidate(one, found, found.log_chance + tries)
            if candidate.log_chance <= WEAK_CHANCE and matters(one, found) and _allowed(candidate, case):
                candidates.append(candidate)
    return candidates


def _scanned(one: SymptomSeries, tries: float) -> Iterator[Deviation]:
    """What departs most, and what goes on at the end, if need be seen without the other: what is over does not go on."""
    first = deviation(one.observed, one.exposure, share=one.share, rise=one.rise)
    if first is not None:
        yield first
    lasting = deviation(one.observed, one.exposure, share=one.share, rise=one.rise, lasting=True)
    over = first if first is not None and first.log_chance + tries <= ALARM_CHANCE else None
    if over is not None and over.stop < one.grid.buckets and (not lasting or lasting.start < over.stop):
        known = np.ones(one.grid.buckets, bool)
        known[over.start : over.stop] = False
        seen = np.where(known, one.observed, 0.0), np.where(known, one.exposure, 0.0)
        alone = deviation(*seen, share=one.share, rise=one.rise, lasting=True)
        lasting = (lasting or alone) if alone else None
    if lasting is not None:
        yield lasting


def _worth_a_look(series: list[SymptomSeries]) -> Iterator[SymptomSeries]:
    """Those that could depart; all of a kind are looked at together, since one by one costs far more."""
    kinds: dict[tuple[int, bool, bool], list[SymptomSeries]] = {}
    for one in series:
        kinds.setdefault((one.grid.buckets, one.share, one.rise), []).append(one)
    for (_, share, rise), alike in kinds.items():
        for first in range(0, len(alike), SCANNED_TOGETHER):
            some = alike[first : first + SCANNED_TOGETHER]
            observed, exposure = (np.stack([getattr(o, n) for o in some]) for n in ("observed", "exposure"))
            enough = observed.sum(axis=1) >= ENOUGH_IN_SERIES
            yield from compress(some, enough & promising(observed, exposure, share=share, rise=rise))


def _allowed(candidate: Candidate, case: Case) -> bool:
    """Whether it starts where a person who gave a comparison says that it was bad."""
    if case.comparison is None or not case.comparison.given:
        return True
    start = candidate.series.grid.end(candidate.deviation.start)
    return case.comparison.good.end <= start < case.comparison.bad.end


def _started(case: Case, candidates: list[Candidate], tried: list[SymptomSeries]) -> Finding:
    found = by_themselves_and_felt(case, candidates)
    symptom, first, (_, *others) = _reported_first(asked_about(found), found)
    first = slowed_before(case, crept_into(first, tried))
    when = sampled(first) if first.series.symptom is Symptom.LEVEL else refined(case, first)
    at, low, high = sharpened(case, first, symptom, found, by_its_kind(case, first, when))
    high = latest_begin(case, first, symptom, (low, high))
    ended = over_at(symptom)
    comparison, limits = _comparison(case, symptom, (at, low, high), ended)
    alone = _apart(comparison, others)
    if symptom.log_chance > ALARM_CHANCE:
        limits += (f"chance alone shows this in 1 of {count(exp(-symptom.log_chance))} quiet periods",)
    given = case.comparison is not None and case.comparison.given
    stale = () if given else long_over(symptom, ended, case.window.end)
    limits += stale
    answer = Onset(
        at=at,
        low=low,
        high=high,
        ended=ended,
        trend=None if ended else trend_of(symptom),
        first_symptom=reported(first),
        comparison=alone or comparison,
        others=episodes(others, Window(at, ended or case.window.end), case.window),
        faint=faint(symptom),
        stale=bool(stale),
    )
    because = (
        reported(symptom) if first is symptom else f"{reported(symptom)}; first symptom: {reported(first)}"
    )
    return Finding(
        Verdict.YES if not limits else Verdict.UNKNOWN,
        because,
        confidence=None if limits else _confidence(symptom),
        answer=answer,
        evidence=drawn(symptom) + (() if first is symptom else drawn(first)),
        limits=(*limits, *_caveats(symptom), *((CUT_BESIDE,) if alone else ())),
    )


def _reported_first(asked: list[Candidate], found: list[Candidate]) -> Reported:
    """Of those asked about what affects most requests, else the surest; warnings only where there are no errors."""
    harm = [one for one in asked if not one.series.mild and one.log_chance <= ALARM_CHANCE]
    reported = _led(min(harm or asked, key=strength), found)
    main, *others = reported[2]
    worst = max(others, key=lambda one: one.affected, default=main)
    if worst.affected > main.affected and any(worst.members[0] is one for one in asked):
        return _led(worst.members[0], found)
    return reported


def _led(symptom: Candidate, found: list[Candidate]) -> Reported:
    sure = [one for one in found if one.log_chance <= ALARM_CHANCE]
    symptom = most_direct(symptom, found)
    first = logged_before(slow_before(led_into(earliest(symptom, sure)), sure), sure)
    return symptom, first, troubles_of(symptom, first, [one for one in sure if has_a_past(one)])


def _comparison(
    case: Case, symptom: Candidate, when: tuple[datetime, datetime, datetime], ended: datetime | None
) -> tuple[Comparison, tuple[str, ...]]:
    """What to compare, and what is wrong with it."""
    if case.comparison is not None and case.comparison.given:
        return case.comparison, ()
    at, low, _ = when
    grid = symptom.series.grid
    whole = grid.window
    slack = timedelta(seconds=min(grid.step, max(1.0, (low - whole.start).total_seconds() * MARGIN)))
    bad = Window(at, max(compared_until(symptom, ended), at + timedelta(seconds=1)))
    good_end = low - slack
    good_start = max(whole.start, low - PAST_READ)
    if symptom.deviation.start > 0 and good_end > good_start:
        return Comparison(Window(good_start, good_end), bad), ()
    after = grid.end(symptom.deviation.stop - 1)
    return Comparison(
        Window(after, max(whole.end, after + slack)), Window(at, max(after, bad.start + slack))
    ), (
        "no baseline before it: it may have started earlier",
        "the baseline is the time after it",
    )


def _apart(found: Comparison, others: list[Trouble]) -> Comparison | None:
    """With another trouble that users feel in both windows or in neither, where that leaves enough; else None."""
    good, bad = found.good, found.bad
    if found.given or good.end > bad.start:
        return None
    begins = [to_the_bucket(one.head)[1:] for one in others if one.affected and one.window.overlaps(bad)]
    enough = CUT_LEFT * bad.length
    before = [high for _, high in begins if good.end - high >= enough]
    after = [low for low, _ in begins if low - bad.start >= enough]
    apart = Comparison(
        Window(max((good.start, *before)), good.end), Window(bad.start, min((bad.end, *after)))
    )
    return apart if apart != found else None


def _confidence(symptom: Candidate) -> float:
    certain = 1 - exp(symptom.log_chance)
    return round(min(certain, REQUESTS_SURE if symptom.series.trust <= Trust.SPANS else OTHERS_SURE), 3)


def _caveats(symptom: Candidate) -> tuple[str, ...]:
    if symptom.series.symptom in {Symptom.TRAFFIC, Symptom.SILENCE}:
        return ("fewer events can also mean that telemetry was lost",)
    return ()


def _nothing(case: Case, tried: list[SymptomSeries], metrics: list[SymptomSeries]) -> Finding:
    """That nothing departs, that there is too little to tell, or that all there is is bad."""
    doubted = doubt(case)
    if doubted and doubted.outage:
        return before_the_data(case, doubted)
    volume = [s for s in tried if s.symptom is Symptom.SILENCE] or [
        s for s in tried if s.symptom is Symptom.TRAFFIC
    ]
    events = sum(float(s.observed.sum()) for s in volume)
    filled = max((int((s.observed > 0).sum()) for s in volume), default=0)
    values = max((int(np.isfinite(s.observed).sum()) for s in metrics), default=0)
    if (events < ENOUGH_EVENTS or filled < ENOUGH_BUCKETS) and values < ENOUGH_VALUES:
        return Finding(
            Verdict.UNKNOWN,
            f"{count(events)} events in {filled} stretches of time and {len(metrics)} metrics with at most {values} values "
            f"are too few to decide; at least {ENOUGH_EVENTS} events in {ENOUGH_BUCKETS} stretches, or "
            f"{ENOUGH_VALUES} values of a metric, are needed",
        )
    shown = max(volume or metrics, key=lambda s: float(np.nansum(s.observed)))
    read = [f"{len(tried)} series over {count(events)} events"] if tried else []
    read += [f"{len(metrics)} metrics"] if metrics else []
    return Finding(
        Verdict.UNKNOWN if doubted else Verdict.NO,
        f"all signals are within their baseline: {' and '.join(read)}",
        confidence=None if doubted else QUIET_SURE,
        evidence=drawn(Candidate(shown, _level(shown), 0.0)),
    )


def _level(one: SymptomSeries) -> Deviation:
    rate = float(np.nansum(one.observed) / max(one.exposure.sum(), 1))
    return Deviation(0, one.grid.buckets, rate, rate, 0.0, 0.0, 1.0, 1, 0.0, 0.0)
