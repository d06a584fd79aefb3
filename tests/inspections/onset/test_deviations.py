"""Deviations in words and to the second, and whether they matter."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from lastgood.algorithms.change_point import deviation
from lastgood.inspections.onset.deviations import Candidate, drawn, matters, refined, reported, sampled
from lastgood.inspections.onset.weights import REFUSED_OFTENER, UNDER_WAY
from lastgood.model.evidence import Series
from lastgood.model.figures import spaced
from lastgood.readings.case import Case
from lastgood.readings.series import Symptom, SymptomSeries, request_series
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
