"""Slowness before the symptom, which an hour of time-outs hides."""

from dataclasses import replace
from datetime import timedelta
from math import ceil, floor, log2

import numpy as np

from lastgood.algorithms.change_point import deviation
from lastgood.inspections.onset.crept import _slower, crept_into, logged_before
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.weights import (
    CREPT_BUCKETS,
    CREPT_LEAST,
    CREPT_QUANTILE,
    CREPT_TIMES,
    REFUSED_AFTER,
)
from lastgood.model.evidence import Provenance
from lastgood.model.window import Window
from lastgood.readings.grid import Grid
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from worlds import START

MINUTES, FAILS = 120, 100
GRID = Grid(Window(START, START + timedelta(minutes=MINUTES)), 60)
USUAL, SLOWER, TIMED_OUT = 100, 112, 140  # bins, four to the octave: eight times as slow, and much more


def requests(slower_from: int) -> SymptomSeries:
    """Forty requests a minute, slower from a minute on, and timing out at last."""
    histogram = np.zeros((MINUTES, 160))
    for minute in range(MINUTES):
        place = TIMED_OUT if minute >= FAILS else SLOWER if minute >= slower_from else USUAL
        histogram[minute, place] = 40.0
    timed_out = histogram[:, TIMED_OUT:].sum(axis=1)
    return SymptomSeries(
        Trust.REQUESTS, Symptom.LATENCY, "web", "/", timed_out, histogram.sum(axis=1), share=True, rise=True, grid=GRID,
        provenance=Provenance("SELECT 1", {}, None, 0, 0.0), histogram=histogram,
    )  # fmt: skip


def symptom(series: SymptomSeries) -> Candidate:
    """The failures that begin when requests time out."""
    failed = replace(series, symptom=Symptom.ERRORS, histogram=None)
    found = deviation(failed.observed, failed.exposure, share=True, rise=True)
    assert found is not None
    return Candidate(failed, found, found.log_chance)


def test_it_began_when_requests_became_slower() -> None:
    """Not when they failed; the slowness lasts into the failures."""
    series = requests(slower_from=80)
    first = symptom(series)

    found = crept_into(first, [series])

    assert FAILS == first.deviation.start
    assert (80, Symptom.LATENCY) == (found.deviation.start, found.series.symptom)


def test_what_was_as_usual_until_then_began_then() -> None:
    """So did what has too short a past, and what only spans inside show."""
    series = requests(slower_from=FAILS)
    first = symptom(series)

    assert first is crept_into(first, [series])
    early = replace(first, deviation=replace(first.deviation, start=int(CREPT_BUCKETS) - 1))
    assert early is crept_into(early, [requests(slower_from=5)])
    assert first is crept_into(first, [replace(requests(80), trust=Trust.SPANS)])


def stepping(symptom: Symptom, trust: Trust, minute: int, until: int = MINUTES) -> Candidate:
    """Something that rises at a minute."""
    observed = np.ones(MINUTES)
    observed[minute:until] = 40.0
    exposure = np.full(MINUTES, 60.0)
    series = SymptomSeries(
        trust, symptom, "web", "/", observed, exposure, share=True, rise=True, grid=GRID,
        provenance=Provenance("SELECT 1", {}, None, 0, 0.0),
    )  # fmt: skip
    found = deviation(observed, exposure, share=True, rise=True)
    assert found is not None
    return Candidate(series, found, found.log_chance)


def test_errors_in_logs_come_before_the_refusals_that_they_lead_to() -> None:
    """Those that go on, and began no longer ago than such a thing takes."""
    refused = stepping(Symptom.REFUSED, Trust.REQUESTS, FAILS)
    reach = int(REFUSED_AFTER.total_seconds() / 60)
    near, far = (stepping(Symptom.ERROR_KIND, Trust.LINES, FAILS - n) for n in (reach, reach + 2))
    over = stepping(Symptom.ERROR_KIND, Trust.LINES, FAILS - reach, FAILS - 1)
    failed = stepping(Symptom.ERRORS, Trust.REQUESTS, FAILS)

    assert near is logged_before(refused, [refused, near])
    assert refused is logged_before(refused, [refused, far, over])
    assert failed is logged_before(failed, [failed, near])


def at(place: int) -> np.ndarray:
    """A minute of requests that all are in one bin."""
    counts = np.zeros((1, 200))
    counts[0, place] = 100.0
    return counts


def test_it_crept_where_it_was_slower_by_times_and_by_length() -> None:
    """CREPT_TIMES as slow, and CREPT_LEAST slower: from twice the time on that is as much as it was."""
    bins = floor(4 * log2(CREPT_TIMES)) + 1, ceil(4 * log2(CREPT_TIMES)) - 1
    long = 1 + 4 * log2(CREPT_LEAST)

    assert [True, False] == [_slower(at(130), at(130 + by)) for by in bins]
    assert [True, False] == [_slower(at(place), at(place + 4)) for place in (ceil(long), floor(long) - 1)]


def test_it_is_looked_for_where_there_is_a_past() -> None:
    """CREPT_BUCKETS of it."""
    slow = CREPT_BUCKETS // 2
    found = []
    for until in (CREPT_BUCKETS, CREPT_BUCKETS - 1):
        first = symptom(requests(slower_from=slow))
        first = replace(first, deviation=replace(first.deviation, start=int(until)))
        found.append(crept_into(first, [requests(slower_from=slow)]) is not first)

    assert [True, False] == found


def test_slow_is_what_hardly_any_was() -> None:
    """The bin that holds CREPT_QUANTILE of what was usual is not slow yet."""
    series = requests(slower_from=80)
    assert series.histogram is not None
    usual = slice(0, FAILS // 2)
    series.histogram[usual, USUAL] = 1000 * (CREPT_QUANTILE - 0.01)
    series.histogram[usual, USUAL + 4] = 1000 * (1.01 - CREPT_QUANTILE)

    found = crept_into(symptom(requests(slower_from=80)), [series])

    assert 0 == found.series.observed[usual].sum()
