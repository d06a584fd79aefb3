"""Deviations in words and to the second, and whether they matter."""

from dataclasses import replace
from datetime import timedelta
from math import ceil, floor, log2
from typing import Any

import numpy as np
import pytest

from inspections.onset.drawn import FOUND, GRID, MINUTES, SECONDS, candidate, drawn_series, slower
from lastgood.algorithms.change_point import deviation
from lastgood.algorithms.quantiles import BINS_PER_OCTAVE
from lastgood.inspections.onset.deviations import (
    Candidate,
    drawn,
    matters,
    refined,
    reported,
    sampled,
    to_the_bucket,
    unfelt,
)
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
from lastgood.model.evidence import Series
from lastgood.model.figures import spaced
from lastgood.readings.case import Case
from lastgood.readings.series import Symptom, SymptomSeries, Trust, request_series
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, step


def departed(store: Store, milliseconds: float = 50.0) -> tuple[Case, Candidate]:
    """Errors that begin at 900 seconds."""
    World(
        seconds=1800, rate=5, errors=step(900, 0.0, 0.4), milliseconds=lambda t: np.full(len(t), milliseconds), jitter=0
    ).store_spans(store)  # fmt: skip
    case, _ = investigate(store, now=START, only="onset")
    (errors,) = [one for one in request_series(case) if one.symptom is Symptom.ERRORS]
    found = deviation(errors.observed, errors.exposure, share=True, rise=True)
    assert found is not None
    return case, Candidate(errors, found, found.log_chance)


def test_it_is_reported_drawn_and_refined(store: Store) -> None:
    """With its numbers, a series to look at, and the second it began."""
    case, candidate = departed(store)

    at, low, high = refined(case, candidate)

    assert matters(candidate.series, candidate.deviation)
    assert "of requests at shop GET / fail (baseline 0 %)" in spaced(reported(candidate))
    (shown,) = drawn(candidate)
    assert isinstance(shown, Series)
    assert candidate.series.grid.buckets == len(shown.values)
    assert low <= at <= high
    assert abs(at - START - timedelta(seconds=900)) < timedelta(seconds=3)


def test_a_small_one_does_not_matter(store: Store) -> None:
    """However certain: a share that rises by a tenth of itself."""
    _, candidate = departed(store)
    small = replace(candidate.deviation, inside=0.11, outside=0.10, events=1100, expected=1000)

    assert not matters(candidate.series, small)


def test_refusals_matter_where_there_are_more_of_them_in_the_time(store: Store) -> None:
    """A share that rises because others stay away does not, nor what the data begin with."""
    _, candidate = departed(store)
    found, grid = candidate.deviation, candidate.series.grid
    inside = np.arange(grid.buckets) >= found.start

    def refused(times: float) -> SymptomSeries:
        observed = np.where(inside, times * 10.0, 10.0)
        return replace(
            candidate.series, symptom=Symptom.REFUSED, observed=observed, exposure=np.full(grid.buckets, 99.0)
        )

    assert matters(refused(REFUSED_OFTENER), found)
    assert not matters(refused(REFUSED_OFTENER - 0.01), found)
    assert not matters(refused(REFUSED_OFTENER), replace(found, start=0))


def test_a_metric_starts_between_two_samples(store: Store) -> None:
    """In the middle of the last usual one and the first unusual one; where some are missing, of when the last was due."""
    _, candidate = departed(store)
    level: SymptomSeries = replace(candidate.series, symptom=Symptom.LEVEL)

    at, low, high = sampled(Candidate(level, candidate.deviation, 0.0))

    assert low < at < high
    assert timedelta(seconds=level.grid.step) * 1.5 == high - at
    missing = level.observed.copy()
    missing[candidate.deviation.start - 20 : candidate.deviation.start] = np.nan
    gapped = sampled(Candidate(replace(level, observed=missing), candidate.deviation, 0.0))
    assert (at, low - 20 * timedelta(seconds=level.grid.step), high) == gapped


@pytest.mark.parametrize(("lasts", "widened"), [(8.0, 8.0), (400.0, UNDER_WAY.total_seconds())])
def test_requests_under_way_widen_the_interval(store: Store, lasts: float, widened: float) -> None:
    """Spans are of their starts: the trouble may have come as late as the first bad one ended; a stream says less."""
    case, candidate = departed(store, 1000.0 * lasts)

    at, low, high = refined(case, candidate)

    assert low <= at < START + timedelta(seconds=903)
    assert widened == pytest.approx((high - at).total_seconds(), abs=0.5)


def test_slow_requests_are_counted_where_no_quantile_moved(store: Store) -> None:
    """A quantile that did not move has no number to tell."""
    _, candidate = departed(store)
    slow = replace(candidate.series, symptom=Symptom.LATENCY, histogram=None)

    said = spaced(reported(replace(candidate, series=slow)))

    assert "of requests at shop GET / are slow (baseline 0 %)" in said


@pytest.mark.parametrize(
    ("symptom", "enough", "too_little"),
    [
        (Symptom.ERRORS, {"outside": 0.02, "inside": 0.02 * FAILS_TIMES}, {"outside": 0.02, "inside": 0.0199 * FAILS_TIMES}),
        (Symptom.ERRORS, {"outside": 0.4, "inside": 0.401 + FAILS_POINTS}, {"outside": 0.4, "inside": 0.399 + FAILS_POINTS}),
        (Symptom.ERRORS, {"outside": 0.0, "inside": FAILS_LEAST}, {"outside": 0.0, "inside": 0.99 * FAILS_LEAST}),
        (Symptom.ERRORS, {"events": 10.0 + EVENTS_MORE}, {"events": 9.0 + EVENTS_MORE}),
        (Symptom.ERROR_LINES, {"outside": 1.0, "inside": LINES_TIMES}, {"outside": 1.0, "inside": 0.99 * LINES_TIMES}),
        (Symptom.MIX, {"outside": 0.1, "inside": 0.101 * MIX_TIMES}, {"outside": 0.1, "inside": 0.099 * MIX_TIMES}),
        (Symptom.MIX, {"events": 10.0 + MIX_EVENTS}, {"events": 9.0 + MIX_EVENTS}),
        (Symptom.CALLS, {"outside": 1.0, "inside": CALLS_TIMES}, {"outside": 1.0, "inside": 0.99 * CALLS_TIMES}),
    ],
)  # fmt: skip
def test_each_symptom_matters_from_its_rows_on(
    symptom: Symptom, enough: dict[str, float], too_little: dict[str, float]
) -> None:
    """Just enough of it, and just too little."""
    one = drawn_series(symptom)

    assert [True, False] == [matters(one, replace(FOUND, **given)) for given in (enough, too_little)]  # type: ignore[arg-type]


def slowed(before: int, by: int, symptom: Symptom = Symptom.LATENCY, **given: Any) -> SymptomSeries:
    """All requests of the first half in one bin of latency, and of the second in one so many further on."""
    histogram = np.zeros((MINUTES, 200))
    histogram[: FOUND.start, before] = histogram[FOUND.start :, before + by] = 100.0
    return drawn_series(symptom, histogram=histogram, rise=by > 0, **given)


@pytest.mark.parametrize(
    ("times", "symptom"), [(SLOWER_TIMES, Symptom.LATENCY), (FASTER_TIMES, Symptom.FASTER)]
)
def test_times_that_moved_matter_by_their_ratio(times: float, symptom: Symptom) -> None:
    """SLOWER_TIMES as long at some quantile; FASTER_TIMES as short at the median. A bin is a quarter of an octave."""
    way = 1 if symptom is Symptom.LATENCY else -1
    bins = floor(4 * log2(times)) + 1, ceil(4 * log2(times)) - 1

    assert [True, False] == [matters(slowed(130, way * by, symptom), FOUND) for by in bins]


@pytest.mark.parametrize(("least", "trust"), [(SLOWER_LEAST, Trust.REQUESTS), (SLOWER_INSIDE, Trust.SPANS)])
def test_times_that_moved_matter_by_their_length(least: float, trust: Trust) -> None:
    """SLOWER_LEAST of whole requests, SLOWER_INSIDE of a span inside: from twice the time on it is as much as it was."""
    long = 1 + log2(least) * 4
    bins = ceil(long), floor(long) - 1

    assert [True, False] == [matters(slowed(at, 4, trust=trust), FOUND) for at in bins]


def test_slowness_lasts() -> None:
    """SLOW_LASTS: what is shorter is a pause."""
    lasts = int(SLOW_LASTS.total_seconds())
    slow = slowed(130, 8, grid=SECONDS)

    assert [True, False] == [matters(slow, replace(FOUND, stop=FOUND.start + n)) for n in (lasts, lasts - 1)]


def test_traffic_is_lost_by_a_step_to_little_of_it() -> None:
    """TRAFFIC_LEFT of the usual, and TRAFFIC_STEP of the rate just before."""

    def lost(left: float, step: float) -> bool:
        observed = np.where(np.arange(MINUTES) >= FOUND.start, step * 1000.0, 1000.0)
        falls = drawn_series(Symptom.TRAFFIC, observed=observed, share=False, rise=False)
        return matters(falls, replace(FOUND, outside=100.0, inside=100.0 * left))

    assert lost(TRAFFIC_LEFT, TRAFFIC_STEP)
    assert not lost(TRAFFIC_LEFT + 0.01, TRAFFIC_STEP)
    assert not lost(TRAFFIC_LEFT, TRAFFIC_STEP + 0.01)


def test_the_step_of_traffic_is_looked_for_near_its_start() -> None:
    """STEP_REACH buckets before it: with one more, or one fewer, there would be a step here."""
    after = 100 * TRAFFIC_STEP
    observed = np.full(MINUTES, after)
    observed[: FOUND.start] = 101.0
    observed[FOUND.start - STEP_REACH] = 90.0
    observed[FOUND.start - STEP_REACH - 1] = 900.0
    falls = drawn_series(Symptom.TRAFFIC, observed=observed, share=False, rise=False)

    assert not matters(falls, replace(FOUND, outside=100.0, inside=10.0))


def test_what_is_short_at_an_end_must_be_certain() -> None:
    """AT_AN_END buckets are enough; fewer by CERTAIN_CHANCE alone."""
    one = drawn_series()

    def at_the_end(buckets: int, log_chance: float) -> bool:
        return matters(one, replace(FOUND, start=MINUTES - buckets, log_chance=log_chance))

    assert at_the_end(AT_AN_END, CERTAIN_CHANCE + 1)
    assert not at_the_end(AT_AN_END - 1, CERTAIN_CHANCE + 1)
    assert at_the_end(AT_AN_END - 1, CERTAIN_CHANCE)


def test_an_onset_is_looked_for_near_the_bucket_that_was_found() -> None:
    """REFINED_AROUND before it at most."""
    late = replace(FOUND, start=FOUND.start + 2 * REFINED_AROUND)
    at, _, _ = to_the_bucket(Candidate(drawn_series(), late, -70.0))

    assert GRID.begin(FOUND.start + REFINED_AROUND) == at


@pytest.mark.parametrize(
    ("usual", "bins", "noticed"),
    [
        (3e6, 2, False),
        (3e6, 2 * BINS_PER_OCTAVE, True),
        (NOTICED_SLOWER, 2, False),
        (4 * NOTICED_SLOWER, 2, True),
    ],
)
def test_slowness_is_noticed_by_a_moment_or_by_times(usual: float, bins: int, noticed: bool) -> None:
    """NOTICED_SLOWER more, or NOTICED_SLOWER_TIMES as long; failures are always noticed."""
    assert noticed is not unfelt(slower(usual, bins))
    assert not unfelt(candidate())
    assert NOTICED_SLOWER_TIMES < 2 ** (2 * BINS_PER_OCTAVE / BINS_PER_OCTAVE)
