"""Crept: requests that were already slower before the symptom began, by the times that were usual until then; errors before refusals.

What times out at last makes an hour's quantiles useless: what was three times as slow before it lies below them. So the
time before the symptom is looked at by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import log

import numpy as np

from lastgood.algorithms.change_point import deviation
from lastgood.algorithms.quantiles import lower_edge, quantile_of
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.episodes import LEADS, has_a_past, over_at
from lastgood.inspections.onset.weights import (
    ALARM_CHANCE,
    CREPT_BUCKETS,
    CREPT_LEAST,
    CREPT_QUANTILE,
    CREPT_TIMES,
    REFUSED_AFTER,
    STEP_EVENTS,
)
from lastgood.model.clock import from_nanoseconds
from lastgood.readings.series import Symptom, SymptomSeries, Trust

_SHIFTED = (0.5, 0.9)


def crept_into(first: Candidate, tried: Iterable[SymptomSeries]) -> Candidate:
    """The same, or the slowness of users' requests that was there before and lasted into it."""
    requests = [
        one
        for one in tried
        if one.trust is Trust.REQUESTS and one.symptom is Symptom.LATENCY and one.histogram is not None
    ]
    alike = {(one.service, one.operation): one for one in requests}  # one of each: the cuts are made anew
    found = [
        candidate
        for one in alike.values()
        for candidate in slower_before(one, first, log(max(1, len(alike))))
    ]
    return min(found, key=lambda one: (one.start, one.log_chance), default=first)


def slower_before(one: SymptomSeries, first: Candidate, tries: float) -> Iterator[Candidate]:
    """The slowness that lasted until a symptom began; `tries`: log of how many series are looked at."""
    assert one.histogram is not None  # noqa: S101 - chosen so
    until = min(one.grid.first_from(from_nanoseconds(first.start)), one.grid.buckets)
    if until < CREPT_BUCKETS:
        return
    past = one.histogram[:until]
    usual = past[: until // 2].sum(axis=0)
    if usual.sum() <= 0:
        return
    cut = int(np.searchsorted(usual.cumsum(), CREPT_QUANTILE * usual.sum())) + 1
    observed, exposure = one.histogram[:, cut:].sum(axis=1), one.histogram.sum(axis=1)
    found = deviation(observed[:until], exposure[:until], share=True, rise=True, lasting=True)
    if found is None or found.log_chance + tries > ALARM_CHANCE or found.start < until // 4:
        return
    if found.events - found.expected < STEP_EVENTS or not _slower(past[: found.start], past[found.start :]):
        return
    series = replace(one, observed=observed, exposure=exposure, share=True, slower_than=lower_edge(cut))
    lasting = replace(found, stop=max(found.stop, min(one.grid.buckets, until + 1)))
    yield Candidate(series, lasting, found.log_chance + tries)


def _slower(before: np.ndarray, after: np.ndarray) -> bool:
    usual, now = before.sum(axis=0), after.sum(axis=0)
    pairs = [(quantile_of(usual, q), quantile_of(now, q)) for q in _SHIFTED]
    return any(b >= CREPT_TIMES * a and b - a >= CREPT_LEAST for a, b in pairs)


def logged_before(first: Candidate, found: list[Candidate]) -> Candidate:
    """The same, or the errors that were logged until requests were refused: what is missing is asked for later."""
    if first.series.symptom is not Symptom.REFUSED:
        return first
    reach = first.start - REFUSED_AFTER.total_seconds() * 1e9
    logged = [
        one
        for one in found
        if one.series.trust is Trust.LINES
        and one.series.symptom in LEADS
        and not one.series.mild
        and reach <= one.start < first.start
        and over_at(one) is None
        and has_a_past(one)
    ]
    return min(logged, key=lambda one: (one.start, one.log_chance), default=first)
