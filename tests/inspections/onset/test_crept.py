"""Slowness before the symptom, which an hour of time-outs hides."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from lastgood.algorithms.change_point import deviation
from lastgood.inspections.onset.crept import crept_into, logged_before
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.weights import CREPT_BUCKETS, REFUSED_AFTER
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
