"""Sharpened: failures, or much slower requests, that begin within the time in which it may have become slow tell when it began, to the second.

Quantiles move over minutes, and one of them may move by chance shortly before.
"""

from collections.abc import Iterable

from lastgood.inspections.onset.deviations import Candidate, refined
from lastgood.inspections.onset.episodes import beginning
from lastgood.inspections.onset.made_of import When
from lastgood.inspections.onset.weights import ALARM_CHANCE, SHARPER_EVENTS, SHARPER_TIMES
from lastgood.readings.case import Case
from lastgood.readings.series import Symptom

_SHARP = {Symptom.ERRORS, Symptom.ERROR_LINES, Symptom.ERROR_KIND, Symptom.LATENCY}


def sharpened(
    case: Case, first: Candidate, symptom: Candidate, found: Iterable[Candidate], when: When
) -> When:
    """The best time and the interval that holds it: that of failures or much slower requests of the same service, where theirs lies within it."""
    _, low, high = when
    if first.series.symptom is not Symptom.LATENCY:
        return when
    began, services = beginning(first), {first.series.service, symptom.series.service}
    failing = (
        one
        for one in found
        if one.series.symptom in _SHARP
        and one.series.service in services
        and one.log_chance <= ALARM_CHANCE
        and one.deviation.events - one.deviation.expected >= SHARPER_EVENTS
        and beginning(one).together(began)
    )
    sharper = [
        times
        for times in (refined(case, one) for one in failing)
        if low <= times[1] <= high and SHARPER_TIMES * (times[2] - times[1]) <= high - low
    ]
    return min(sharper, default=when)
