"""Deviations: a series that leaves its own past, whether it matters, in words, in evidence and to the second."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from lastgood.algorithms.change_point import Deviation, split
from lastgood.algorithms.quantiles import quantile_of
from lastgood.algorithms.steps import MANY, RARE, TOTAL
from lastgood.inspections.onset.weights import (
    AT_AN_END,
    CALLS_TIMES,
    CERTAIN_CHANCE,
    EVENTS_MORE,
    FAILS_LEAST,
    FAILS_POINTS,
    FAILS_TIMES,
    FASTER_TIMES,
    LINES_TIMES,
    MIX_EVENTS,
    MIX_TIMES,
    NOTICED_SLOWER,
    NOTICED_SLOWER_TIMES,
    REFINED_AROUND,
    REFINED_CELLS,
    REFUSED_OFTENER,
    SLOW_LASTS,
    SLOWER_INSIDE,
    SLOWER_LEAST,
    SLOWER_TIMES,
    STEP_REACH,
    TRAFFIC_LEFT,
    TRAFFIC_STEP,
    UNDER_WAY,
)
from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.evidence import Evidence, Series
from lastgood.model.figures import amount, count, duration_between, expected, multiple, percent, quantile_name
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.compared import binned
from lastgood.readings.grid import Grid
from lastgood.readings.refusals import EITHER
from lastgood.readings.series import IS_BAD_LINE, Symptom, SymptomSeries, Trust


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series that departs, where, and how sure that is (log chance over everything tried)."""

    series: SymptomSeries
    deviation: Deviation
    log_chance: float

    @property
    def start(self) -> int:
        """The start of its first bucket, in nanoseconds since the epoch."""
        return to_nanoseconds(self.series.grid.begin(self.deviation.start))


def matters(one: SymptomSeries, found: Deviation) -> bool:
    """Whether a deviation is large enough for people to care, and not the other end of a usual thing."""
    return _large(one, found) and (found.log_chance <= CERTAIN_CHANCE or not _at_an_end(one, found))


def _large(one: SymptomSeries, found: Deviation) -> bool:
    excess = found.events - found.expected
    match one.symptom:
        case Symptom.ERRORS | Symptom.REFUSED:
            clear = (
                found.inside >= FAILS_TIMES * found.outside or found.inside - found.outside >= FAILS_POINTS
            )
            oftener = one.symptom is Symptom.ERRORS or _oftener(one, found)
            return clear and oftener and found.inside >= FAILS_LEAST and excess >= EVENTS_MORE
        case Symptom.LATENCY | Symptom.FASTER:
            moved = _moved(one, found, rise=one.rise)
            long = one.grid.end(found.stop - 1) - one.grid.begin(found.start) >= SLOW_LASTS
            return found.start > 0 and abs(excess) >= EVENTS_MORE and long and moved is not None
        case Symptom.TRAFFIC | Symptom.SILENCE:
            return found.inside <= TRAFFIC_LEFT * found.outside and _abrupt(one, found)
        case Symptom.ERROR_LINES | Symptom.WARNINGS | Symptom.ERROR_KIND | Symptom.STATEMENTS:
            return found.inside >= LINES_TIMES * found.outside and excess >= EVENTS_MORE
        case Symptom.MIX | Symptom.CALLS | Symptom.STEP:
            return found.start > 0 and _goes_another_way(one, found)
        case Symptom.LEVEL:
            return True


def _oftener(one: SymptomSeries, found: Deviation) -> bool:
    """Whether there are more of them in the time as well, after a time with fewer: robots go on while people sleep."""
    filled = one.exposure > 0
    inside = np.zeros(one.grid.buckets, bool)
    inside[found.start : found.stop] = True
    now, usual = (
        one.observed[part].sum() / max(part.sum(), 1) for part in (filled & inside, filled & ~inside)
    )
    return bool(found.start > 0 and now >= REFUSED_OFTENER * usual)


def _goes_another_way(one: SymptomSeries, found: Deviation) -> bool:
    """Whether a way is taken that hardly was, or no other is any more; calls and lines may be fewer too."""
    excess = found.events - found.expected
    if one.symptom is Symptom.STEP:
        new = found.outside <= max(RARE, found.inside / MANY)
        return excess >= EVENTS_MORE and (new or found.inside >= TOTAL)
    high, low = max(found.inside, found.outside), min(found.inside, found.outside)
    times = MIX_TIMES if one.symptom is Symptom.MIX else CALLS_TIMES
    return abs(excess) >= MIX_EVENTS and high >= times * low


def _at_an_end(one: SymptomSeries, found: Deviation) -> bool:
    """Whether it is hardly longer than a bucket, at the very begin or end of what is known."""
    filled = np.flatnonzero(one.exposure > 0)
    inside = int(((filled >= found.start) & (filled < found.stop)).sum())
    outermost = not (filled < found.start).any() or not (filled >= found.stop).any()
    return outermost and inside < AT_AN_END


def _moved(one: SymptomSeries, found: Deviation, *, rise: bool) -> tuple[float, float, float] | None:
    """The quantile that moved most, with its value outside and inside (nanoseconds); None when none did."""
    if one.histogram is None:
        return None
    inside = one.histogram[found.start : found.stop].sum(axis=0)
    outside = one.histogram.sum(axis=0) - inside
    quantiles, times = ((0.5, 0.9, 0.95, 0.99), SLOWER_TIMES) if rise else ((0.5,), FASTER_TIMES)
    least = SLOWER_LEAST if one.trust is Trust.REQUESTS else SLOWER_INSIDE
    moved = [(q, quantile_of(outside, q), quantile_of(inside, q)) for q in quantiles]
    clear = [
        m
        for m in moved
        if max(m[1:]) >= times * min(m[1:]) and (m[2] - m[1] if rise else m[1] - m[2]) >= least
    ]
    return max(clear, key=lambda m: max(m[1:]) / max(min(m[1:]), 1.0), default=None)


def unfelt(candidate: Candidate) -> bool:
    """Whether it is slowness that no one feels: by a moment, and by less than twice the time."""
    one, found = candidate.series, candidate.deviation
    moved = _moved(one, found, rise=one.rise) if one.symptom in {Symptom.LATENCY, Symptom.FASTER} else None
    if moved is None:
        return False
    _, usual, now = moved
    return now - usual < NOTICED_SLOWER and now < NOTICED_SLOWER_TIMES * usual


def _abrupt(one: SymptomSeries, found: Deviation) -> bool:
    """Whether the rate steps at the start rather than drifts, as a day's rhythm does."""
    reach = max(1, min(found.stop - found.start, STEP_REACH))
    before = slice(max(0, found.start - reach), found.start)
    after = slice(found.start, found.start + reach)
    if one.exposure[before].sum() <= 0:
        return False
    rate_before = one.observed[before].sum() / one.exposure[before].sum()
    rate_after = one.observed[after].sum() / one.exposure[after].sum()
    return bool(rate_after <= TRAFFIC_STEP * rate_before)


def reported(candidate: Candidate) -> str:
    """The deviation in words with its numbers."""
    one, found = candidate.series, candidate.deviation
    match one.symptom:
        case Symptom.ERRORS | Symptom.REFUSED | Symptom.LATENCY | Symptom.FASTER:
            return _reported_of_requests(one, found)
        case Symptom.TRAFFIC | Symptom.SILENCE:
            what = {Trust.REQUESTS: "requests", Trust.SPANS: "spans"}.get(one.trust, "lines")
            return f"{one.place}: {amount(found.inside)} {what} per second (baseline {amount(found.outside)})"
        case Symptom.CALLS:
            return f"{one.place}: {amount(found.inside)} calls per request (baseline {amount(found.outside)})"
        case Symptom.STEP:
            after, _, then = one.example.partition("\n")
            return (
                f"{one.place}: {then or 'nothing'} follows {after or 'its start'} in {percent(found.inside)} of traces "
                f"(baseline {percent(found.outside)})"
            )
        case Symptom.LEVEL:
            unit = f" {one.example}" if one.example else ""
            return f"{one.place} is {amount(found.inside)}{unit} (baseline {amount(found.outside)}{unit})"
        case _:
            return _reported_of_lines(one, found)


def _reported_of_requests(one: SymptomSeries, found: Deviation) -> str:
    if one.symptom in {Symptom.ERRORS, Symptom.REFUSED}:
        how, what = (
            ("fail", "failures")
            if one.symptom is Symptom.ERRORS
            else ("are refused (4xx) or redirected", "refusals")
        )
        return (
            f"{percent(found.inside)} of requests at {one.place} {how} (baseline {percent(found.outside)}): "
            f"{count(found.events)} {what}, {expected(found.expected)} expected"
        )
    moved = _moved(one, found, rise=one.rise)
    if moved is None:
        share, usually = found.inside, found.outside
        return f"{percent(share)} of requests at {one.place} are slow (baseline {percent(usually)})"
    quantile, before, after = moved
    now, usual = duration_between(*binned(after)), duration_between(*binned(before))
    return f"{quantile_name(quantile)} of {one.place} is {now} (baseline {usual})"


def _reported_of_statements(one: SymptomSeries, found: Deviation) -> str:
    if one.share:
        return _reported_of_requests(one, found)
    of = f" of table {one.operation}" if one.operation else ""
    return (
        f"{one.service} logs {count(found.events)} slow statements{of}, {expected(found.expected)} expected"
    )


def _reported_of_lines(one: SymptomSeries, found: Deviation) -> str:
    if one.symptom is Symptom.STATEMENTS:
        return _reported_of_statements(one, found)
    if one.symptom is Symptom.MIX:
        return (
            f"{percent(found.inside)} of the lines of {one.place} (baseline {percent(found.outside)}) "
            f"are like {one.example!r}"
        )
    if one.symptom is Symptom.ERROR_KIND:
        return (
            f"{one.place} logs {multiple(found.events)}, {expected(found.expected)} expected: {one.example!r}"
        )
    what = "warnings" if one.symptom is Symptom.WARNINGS else "error lines"
    return f"{one.place} logs {count(found.events)} {what}, {expected(found.expected)} expected"


def drawn(candidate: Candidate) -> tuple[Evidence, ...]:
    """The series of a candidate as evidence."""
    one = candidate.series
    level = one.symptom is Symptom.LEVEL
    with np.errstate(divide="ignore", invalid="ignore"):
        values = one.observed if level else one.observed / one.exposure
    times = tuple(one.grid.begin(i) for i in range(one.grid.buckets))
    shown = tuple(float(v) if np.isfinite(v) else None for v in values)
    title = f"{one.symptom.name.lower().replace('_', ' ')} of {one.place}"
    return (
        Series(title, one.example if level else "1" if one.share else "1/s", times, shown, one.provenance),
    )


Cells = np.ndarray[Any, Any]
_EVENTS = """
SELECT intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {cell_ns:Int64}) AS cell, count() AS n,
       countIf(%(bad)s) AS bad, minIf(toUnixTimestamp64Nano(ts), %(bad)s) AS first_bad,
       minIf(toUnixTimestamp64Nano(ts) + %(lasts)s, %(bad)s) AS first_end
FROM %(relation)s WHERE service = {service:String} AND %(which)s
GROUP BY cell ORDER BY cell"""


def sampled(first: Candidate) -> tuple[datetime, datetime, datetime]:
    """The onset of a metric: in the middle between its last usual sample and the first unusual one.

    Where samples are missing between the two nothing is known of that time: a sample tells of what was since the one
    that should have been before it.
    """
    grid, values, start = first.series.grid, first.series.observed, first.deviation.start
    earlier = np.flatnonzero(np.isfinite(values[:start]))
    last = int(earlier[-1]) if len(earlier) else start
    seen, low = grid.begin(start), grid.begin(last)
    reported_of = min(seen - low, timedelta(seconds=apart(first.series)))
    return seen - reported_of / 2, low, grid.end(start)


def apart(one: SymptomSeries) -> float:
    """The usual seconds between two samples of a metric."""
    between = np.diff(np.flatnonzero(np.isfinite(one.observed)))
    return float(np.median(between) if len(between) else 1) * one.grid.step


def refined(case: Case, first: Candidate) -> tuple[datetime, datetime, datetime]:
    """The onset on single events: the best time, and the interval that holds it."""
    one, found = first.series, first.deviation
    if one.trust is Trust.WAYS or one.symptom is Symptom.STATEMENTS:
        return to_the_bucket(first)
    step = timedelta(seconds=one.grid.step)
    begin, known = one.grid.begin(found.start), one.grid.known_before(found.start)
    apart = known < begin
    around = Window(
        begin if apart else max(one.grid.window.start, begin - REFINED_AROUND * step),
        min(one.grid.window.end, begin + REFINED_AROUND * step),
    )
    cell = max(1_000_000, int(around.seconds * 1e9) // REFINED_CELLS)
    n, bad, first_bad, first_end = _events(case, one, around, cell)
    exposure = n if one.share else np.full(len(n), cell / 1e9)
    counted = {Symptom.TRAFFIC, Symptom.SILENCE, Symptom.CALLS}
    observed = n if one.symptom in counted else bad
    place = split(observed, exposure, found.outside, share=one.share, rise=one.rise, noise=found.dispersion)
    origin = Grid(around, 1).origin
    low, high = origin + place.low * cell, origin + (place.high + 1) * cell
    seen = first_bad[place.at :] if one.rise else np.zeros(0)
    at = int(seen[seen > 0][0]) if (seen > 0).any() else origin + place.at * cell
    ends = first_end[place.at :][seen > 0] if one.rise else seen
    if len(ends):  # a span is of its start: it may have been under way when the trouble came
        high = max(high, min(int(ends.min()), at + int(UNDER_WAY.total_seconds() * 1e9)))
    return (
        from_nanoseconds(at),
        known if apart else from_nanoseconds(min(low, at)),
        from_nanoseconds(max(high, at)),
    )


def to_the_bucket(first: Candidate) -> tuple[datetime, datetime, datetime]:
    """The onset where single events are not read again: buckets hold it."""
    one, found = first.series, first.deviation
    low = max(0, found.start - REFINED_AROUND)
    cells = slice(low, found.start + REFINED_AROUND)
    place = split(
        one.observed[cells],
        one.exposure[cells],
        found.outside,
        share=one.share,
        rise=one.rise,
        noise=found.dispersion,
    )
    at = low + place.at
    return one.grid.begin(at), one.grid.known_before(low + place.low), one.grid.end(low + place.high)


def _events(case: Case, one: SymptomSeries, around: Window, cell: int) -> tuple[Cells, Cells, Cells, Cells]:
    """Events, bad events, and when the first bad one starts and the first of them ends, per cell of time."""
    inner = one.trust is Trust.SPANS or one.symptom is Symptom.CALLS
    relation = "lg_spans" if inner else "lg_requests" if one.trust is Trust.REQUESTS else "lg_lines"
    name = "name" if inner else "operation"
    which = f"{name} = {{operation:String}}" if one.operation else "1"
    bad = {
        Symptom.ERRORS: "failed",
        Symptom.REFUSED: EITHER,
        Symptom.LATENCY: "duration_ns >= {slower:Float64}",
        Symptom.FASTER: "duration_ns >= {slower:Float64}",
        Symptom.ERROR_LINES: IS_BAD_LINE,
        Symptom.WARNINGS: "severity >= 13 AND severity < 17",
        Symptom.ERROR_KIND: "shape = {shape:UInt64}",
        Symptom.MIX: "shape = {shape:UInt64}",
    }.get(one.symptom, "0")
    # A log line is of the end of its request.
    lasts = "toInt64(duration_ns)" if relation != "lg_lines" and case.has(Signal.SPANS) else "0"
    rows = case.query(
        _EVENTS % {"bad": bad, "relation": relation, "which": which, "lasts": lasts},
        window=around, cell_ns=cell, service=one.service, operation=one.operation,
        slower=one.slower_than, shape=one.shape,
    )  # fmt: skip
    cells = int(around.seconds * 1e9) // cell + 1
    n, bad_ones, first_bad, first_end = (np.zeros(cells, kind) for kind in (float, float, np.int64, np.int64))
    if len(rows):
        at = rows.column("cell")
        for target, column in (
            (n, "n"),
            (bad_ones, "bad"),
            (first_bad, "first_bad"),
            (first_end, "first_end"),
        ):
            target[at] = rows.column(column)
    return n, bad_ones, first_bad, first_end
