"""Episodes: which of several deviations whoever asks was called for, when it began, and whether it is over."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

import numpy as np

from lastgood.algorithms.change_point import deviation, slope, split
from lastgood.inspections.onset.deviations import Candidate, matters, sampled, unfelt
from lastgood.inspections.onset.weights import (
    ALARM_CHANCE,
    LATELY,
    LEADING_CHANCE,
    LEADS_BY,
    LEADS_INTO,
    LEVEL_OVER,
    LEVEL_STEP,
    OUTAGE_SURE,
    OVER_EVENTS,
    RETURN_KEEPS,
    ROOM_NOISE,
    STEP_BUCKETS,
    STEP_EVENTS,
    STEP_TIMES,
    TREND_BUCKETS,
    TREND_DOWN,
    TREND_ERRORS,
    TREND_UP,
    TRUST_FASTER,
    TRUST_LINES,
    TRUST_METRICS,
    TRUST_MILD,
    TRUST_MIX,
    TRUST_REQUESTS,
    TRUST_RESOURCES,
    TRUST_SPANS,
    TRUST_WAYS,
    WARNED_BEFORE,
    WEAK_CHANCE,
)
from lastgood.model.answers import Onset, Trend
from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.grid import Grid
from lastgood.readings.series import Symptom, Trust

IN_STEPS = {
    Symptom.ERRORS,
    Symptom.REFUSED,
    Symptom.ERROR_LINES,
    Symptom.WARNINGS,
    Symptom.ERROR_KIND,
    Symptom.LATENCY,
}
LEADS = {Symptom.ERRORS, Symptom.LATENCY, Symptom.ERROR_LINES, Symptom.ERROR_KIND}
TRUSTED = {
    Trust.REQUESTS: TRUST_REQUESTS, Trust.SPANS: TRUST_SPANS, Trust.LINES: TRUST_LINES, Trust.METRICS: TRUST_METRICS,
    Trust.RESOURCES: TRUST_RESOURCES, Trust.WAYS: TRUST_WAYS, Trust.MIX: TRUST_MIX,
}  # fmt: skip


def asked_about(found: list[Candidate]) -> list[Candidate]:
    """Those of the trouble that whoever asks is in: what goes on, else what has just ended, else all.

    What is left behind, by resources and ways alone, does not hide what affected people until a moment ago. Signs that
    may be chance are those of the trouble when nothing surer goes on or has just ended.
    """
    sure = [one for one in found if one.log_chance <= ALARM_CHANCE]
    founded = [one for one in sure if has_a_past(one)] or sure
    reported = _of_now(founded) or _remembered(founded)
    lately = any(over_at(one) is None or _age(one) <= LATELY for one in reported)
    return reported if lately else [one for one in found if _may_be_it(one)] or reported


def _may_be_it(one: Candidate) -> bool:
    """Whether it is a sign that may be chance of what whoever asks was called for: it began lately."""
    began = one.series.grid.window.end - from_nanoseconds(one.start) <= LATELY
    return one.log_chance > ALARM_CHANCE and began and has_a_past(one)


def _of_now(found: list[Candidate]) -> list[Candidate]:
    """Those that go on; what is left behind, by resources, ways, warnings and moments alone, does not hide what affected people just before.

    Of that a metric alone counts only if it is about as sure: one that wavered makes no remnant of what goes on.
    """
    going = [one for one in found if over_at(one) is None]
    mild = all(one.series.mild for one in going)
    least = LEADING_CHANCE * min((strength(one)[0] for one in going), default=0.0)
    user_visible = any(
        mild or (_age(one) <= LATELY and (one.series.trust < Trust.METRICS or strength(one)[0] <= least))
        for one in _user_visible(found)
        if over_at(one) is not None
    )
    return going if not user_visible or any(not unfelt(one) for one in _user_visible(going)) else []


def _remembered(found: list[Candidate]) -> list[Candidate]:
    """What is over, and what was there then: the surest, which counts the less the longer ago it ended."""
    ended = [one for one in found if over_at(one) is not None]
    if not ended:
        return found
    lately = [one for one in _user_visible(ended) if _age(one) <= LATELY]
    last = min(lately or ended, key=lambda one: strength(one)[0] / (1 + _age(one) / LATELY))
    return [one for one in lately or ended if stretch_of(one).overlaps(stretch_of(last))]


def _user_visible(found: list[Candidate]) -> list[Candidate]:
    return [one for one in found if one.series.trust < Trust.RESOURCES and not one.series.mild]


def _age(one: Candidate) -> timedelta:
    return one.series.grid.window.end - end_of(one)


def has_a_past(candidate: Candidate) -> bool:
    """Whether what was before it differs by itself: else it is as likely what is usual, and changed when it ended."""
    one, found = candidate.series, candidate.deviation
    if one.symptom is Symptom.LEVEL or found.stop >= one.grid.buckets:
        return True
    observed, exposure = one.observed[: found.stop], one.exposure[: found.stop]
    before = deviation(observed, exposure, share=one.share, rise=one.rise, lasting=True)
    return before is not None and before.log_chance <= ALARM_CHANCE


def by_themselves(found: list[Candidate]) -> list[Candidate]:
    """Those that depart without a surer trouble at another time too: a return from that to the usual is no onset."""
    founded = sorted((one for one in found if has_a_past(one)), key=strength)
    surest = [(strength(one), stretch_of(one)) for one in founded]
    placed = {grid: _placed(surest, grid) for grid in {one.series.grid for one in found}}
    return [one for one in found if _by_itself(one, placed[one.series.grid])]


Placed = list[
    tuple[tuple[float, float], int, int]
]  # how sure a deviation is, and its buckets, the surest first


def _placed(surest: list[tuple[tuple[float, float], Window]], grid: Grid) -> Placed:
    return [(sure, grid.first_from(when.start), grid.first_from(when.end)) for sure, when in surest]


def _by_itself(candidate: Candidate, placed: Placed) -> bool:
    one, mine = candidate.series, candidate.deviation
    if one.symptom in {Symptom.LEVEL, Symptom.FASTER}:  # what is better since is reported as that
        return True
    known, own = np.ones(one.grid.buckets, bool), strength(candidate)
    for _, start, stop in takewhile(lambda other: other[0] < own, placed):
        if stop <= mine.start or start >= mine.stop:
            known[start:stop] = False
    if known.all():
        return True
    seen = np.where(known, one.observed, 0.0), np.where(known, one.exposure, 0.0)
    lasting = mine.stop == one.grid.buckets
    again = deviation(*seen, share=one.share, rise=one.rise, lasting=lasting)
    tries = candidate.log_chance - mine.log_chance
    if again is None or not matters(one, again):
        return False
    return again.log_chance <= max(WEAK_CHANCE - tries, RETURN_KEEPS * mine.log_chance)


def end_of(candidate: Candidate) -> datetime:
    """The end of a candidate's deviation, UTC."""
    return candidate.series.grid.end(candidate.deviation.stop - 1)


def strength(candidate: Candidate) -> tuple[float, float]:
    """What sorts the believed before the others: how sure it is, weighed by how directly it affects users."""
    weight = TRUSTED[candidate.series.trust] * (
        TRUST_FASTER if candidate.series.symptom is Symptom.FASTER else 1.0
    )
    weight *= TRUST_MILD if candidate.series.mild else 1.0
    return weight * candidate.log_chance, -abs(candidate.deviation.statistic)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A deviation with the time that it takes, and that in which it may have begun."""

    of: Candidate
    lasts: Window
    begins: Window

    def together(self, other: "Beginning") -> bool:
        """Whether both may have begun at one time, as far as either tells when, and share a time."""
        near = self.begins.start <= other.begins.end and other.begins.start <= self.begins.end
        return near and self.lasts.overlaps(other.lasts)


def beginning(one: Candidate) -> Beginning:
    """What is known of when it began."""
    return Beginning(one, stretch_of(one), _begins(one))


def begun_by(one: Candidate) -> datetime:
    """By when it had begun, as far as single buckets or samples tell."""
    return _begins(one).end


def stretch_of(one: Candidate) -> Window:
    """From its begin to its end."""
    return Window(from_nanoseconds(one.start), end_of(one))


def _begins(one: Candidate) -> Window:
    """When it may have begun, a bucket or sample more on both sides."""
    series, found = one.series, one.deviation
    if series.symptom is Symptom.LEVEL:
        _, low, high = sampled(one)
        return Window(low - (high - low), high + (high - low))
    known = slice(0, found.stop)
    place = split(
        series.observed[known], series.exposure[known], found.outside,
        share=series.share, rise=series.rise, noise=ROOM_NOISE * found.dispersion,
    )  # fmt: skip
    step = timedelta(seconds=series.grid.step)
    first, last = min(place.low, found.start), max(place.high, found.start)
    return Window(series.grid.begin(first) - step, series.grid.end(last) + step)


def most_direct(symptom: Candidate, found: list[Candidate]) -> Candidate:
    """The same trouble by its most direct sign: what alone may be chance is none beside what is sure and began with it."""
    if symptom.log_chance > ALARM_CHANCE or symptom.series.symptom is Symptom.LEVEL:
        return symptom
    began = beginning(symptom)
    beside = [one for one in found if one.log_chance > ALARM_CHANCE and beginning(one).together(began)]
    best = min((symptom, *beside), key=strength)
    return best if best is symptom else replace(best, log_chance=symptom.log_chance)


def earliest(symptom: Candidate, found: list[Candidate]) -> Candidate:
    """The earliest deviation that leads into the symptom: as sure, shortly before it, and lasting into it."""
    if symptom.series.symptom is Symptom.LEVEL:
        return _sharper(_first_step(symptom, found), found)
    grid = symptom.series.grid
    step = grid.step * 1_000_000_000
    length = (symptom.deviation.stop - symptom.deviation.start) * step
    leading = [
        c
        for c in found
        if c.series.symptom in LEADS
        and (c.series.symptom is not Symptom.LATENCY or c.start >= symptom.start or _slow_by(symptom, c))
        and (not c.series.mild or (_ends_with(c, symptom) and _soon_after(c, symptom)))
        and (
            _holds(c, symptom)
            or (
                c.series.grid == grid
                and symptom.start - max(length / 2, LEADS_BY * step) <= c.start < symptom.start
                and c.deviation.stop >= min(symptom.deviation.stop, symptom.deviation.start + LEADS_INTO)
                and c.log_chance <= LEADING_CHANCE * symptom.log_chance
            )
        )
    ]
    return min(leading, key=lambda c: (c.start, c.log_chance), default=symptom)


def _first_step(symptom: Candidate, found: list[Candidate]) -> Candidate:
    """The same metric's level from its first step on, which lasted into the one that departs most."""
    earlier = [
        one
        for one in found
        if one.series.place == symptom.series.place
        and one.series.symptom is Symptom.LEVEL
        and one.start < symptom.start < to_nanoseconds(end_of(one))
        and max(one.deviation.inside, one.deviation.outside)
        >= LEVEL_STEP * min(one.deviation.inside, one.deviation.outside)
        and has_a_past(one)
    ]
    return min(earlier, key=lambda one: (one.start, one.log_chance), default=symptom)


def _ends_with(one: Candidate, symptom: Candidate) -> bool:
    """Whether both are over or both go on: warnings that outlast the trouble are a story of their own."""
    return (over_at(one) is None) == (over_at(symptom) is None)


def _soon_after(one: Candidate, symptom: Candidate) -> bool:
    """Whether the symptom follows warnings at once: a release may warn loudly without any harm, and long before it."""
    return from_nanoseconds(symptom.start) - from_nanoseconds(one.start) <= WARNED_BEFORE


def _holds(one: Candidate, symptom: Candidate) -> bool:
    """Whether users were affected before the symptom began, and still did then, about as surely."""
    begins = one.start < symptom.start < to_nanoseconds(end_of(one))
    direct = one.series.trust < symptom.series.trust
    sure = strength(one)[0] <= LEADING_CHANCE * strength(symptom)[0]
    return begins and direct and sure and has_a_past(one)


def led_into(first: Candidate) -> Candidate:
    """The same from its first step on, where it came in steps: what reaches to its begin departs from what was before."""
    one, found = first.series, first.deviation
    while one.symptom in IN_STEPS and found.start > STEP_BUCKETS:
        before = slice(0, found.start)
        earlier = deviation(
            one.observed[before], one.exposure[before], share=one.share, rise=one.rise, lasting=True
        )
        if (
            earlier is None
            or earlier.log_chance > ALARM_CHANCE
            or earlier.inside < STEP_TIMES * earlier.outside
            or earlier.events - earlier.expected < STEP_EVENTS
        ):
            break
        found = replace(earlier, stop=found.stop)
    return first if found is first.deviation else replace(first, deviation=found)


def slow_before(first: Candidate, found: list[Candidate]) -> Candidate:
    """The same, or the slowness of the same place that lasted until it failed: requests wait before they time out."""
    if first.series.symptom is not Symptom.ERRORS:
        return first
    place = first.series.service, first.series.operation
    slow = [
        led_into(one)
        for one in found
        if one.series.symptom is Symptom.LATENCY
        and (one.series.service, one.series.operation) == place
        and one.start <= to_nanoseconds(end_of(first))
    ]
    earlier = [
        one
        for one in slow
        if one.start < first.start <= to_nanoseconds(end_of(one)) and has_a_past(one) and _slow_by(first, one)
    ]
    return min(earlier, key=lambda one: (one.start, one.log_chance), default=first)


def _slow_by(first: Candidate, slow: Candidate) -> bool:
    """Whether the slowness is sure by what was before the failures alone: with them it may only share their time."""
    one = slow.series
    known = slice(0, one.grid.first_from(from_nanoseconds(first.start)))
    before = deviation(one.observed[known], one.exposure[known], share=one.share, rise=one.rise, lasting=True)
    return before is not None and before.log_chance <= ALARM_CHANCE


def _sharper(symptom: Candidate, found: list[Candidate]) -> Candidate:
    """What single events show of a metric's deviation, about as early: they tell when to the second."""
    _, low, high = sampled(symptom)
    sample = high - low
    events = [
        c
        for c in found
        if c.series.symptom is not Symptom.LEVEL
        and low - sample <= from_nanoseconds(c.start) <= high + sample
    ]
    return min(events, key=strength, default=symptom)


def over_at(symptom: Candidate) -> datetime | None:
    """When it was over, None while it goes on or when what follows is too little to tell."""
    one, found = symptom.series, symptom.deviation
    rest_events, rest = float(one.observed[found.stop :].sum()), float(one.exposure[found.stop :].sum())
    if rest <= 0 or found.stop >= one.grid.buckets:
        return None
    if one.symptom is Symptom.LEVEL:
        after = one.observed[found.stop :]
        over = np.isfinite(after).sum() >= LEVEL_OVER
        return one.grid.end(found.stop - 1) if over else None
    middle = (found.inside + found.outside) / 2
    over = rest_events < middle * rest if one.rise else rest_events > middle * rest
    reported_apart = abs(found.inside - found.outside) * rest >= OVER_EVENTS
    if not (over and reported_apart):
        return None
    return one.grid.end(found.stop - 1)


def trend_of(symptom: Candidate) -> Trend | None:
    """Where it is going: worse, better or steady; None where that is not known."""
    one, found = symptom.series, symptom.deviation
    observed, exposure = one.observed[found.start : found.stop], one.exposure[found.start : found.stop]
    if len(observed) < TREND_BUCKETS or not one.share:
        return None
    middle = len(observed) // 2
    halves = [
        observed[part].sum() / max(exposure[part].sum(), 1) for part in (slice(middle), slice(middle, None))
    ]
    statistic = slope(observed, exposure) / found.dispersion**0.5
    if statistic > TREND_ERRORS and halves[1] > TREND_UP * halves[0]:
        return Trend.WORSE
    if statistic < -TREND_ERRORS and halves[1] < TREND_DOWN * halves[0]:
        return Trend.BETTER
    return Trend.STEADY


def before_the_data(case: Case, doubted: Doubt) -> Finding:
    """When an outage without a past started: at a time that the data do not reach back to."""
    start = case.window.start
    symptom = doubted.because.split(";")[0]
    return Finding(
        Verdict.YES,
        f"{symptom}: it started before {start:%Y-%m-%d %H:%M:%S} UTC, the start of the data",
        confidence=OUTAGE_SURE,
        answer=Onset(start, start, start, None, None, symptom, None),
        evidence=doubted.evidence,
    )
