"""Tolerated: calls that fail while the requests that made them do not. They are another trouble, and no begin of this one.

What is retried for a while and then fails for users is one trouble: there the failed requests made the failed calls.
"""

from datetime import datetime

from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.episodes import by_themselves, strength
from lastgood.inspections.onset.weights import ALARM_CHANCE, TOLERATED_LEAST, TOLERATED_MOST
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.series import Symptom, Trust

_FAILED_AT = """
SELECT name, count() AS n FROM lg_spans
WHERE failed AND service = {service:String} AND ({operation:String} = '' OR name = {operation:String}) AND trace_id != ''
GROUP BY name ORDER BY n DESC, name LIMIT 20"""
_OF_REQUESTS = """
SELECT count() AS requests, countIf(trace_id GLOBAL IN (
    SELECT trace_id FROM lg_spans WHERE failed AND service = {service:String} AND has({names:Array(String)}, name))) AS made
FROM (SELECT DISTINCT trace_id FROM lg_requests WHERE failed AND trace_id != '' ORDER BY trace_id LIMIT 20000)"""


def by_themselves_and_felt(case: Case, found: list[Candidate]) -> list[Candidate]:
    """Those that depart by themselves, without earlier failures of calls that the requests which fail do not make."""
    found = by_themselves(found)
    failing = [
        one
        for one in found
        if one.series.symptom is Symptom.ERRORS
        and one.series.trust is Trust.REQUESTS
        and one.log_chance <= ALARM_CHANCE
    ]
    if not failing:
        return found
    began = min(map(_start, failing))
    surest = min(failing, key=strength)
    until = surest.series.grid.end(surest.deviation.stop - 1)
    return [one for one in found if not _tolerated(case, one, began, until)]


def _start(one: Candidate) -> datetime:
    return one.series.grid.begin(one.deviation.start)


def _tolerated(case: Case, one: Candidate, began: datetime, until: datetime) -> bool:
    """Whether calls failed there before any request did, and hardly any of the requests that fail since made one of them."""
    series, start = one.series, _start(one)
    over = series.grid.end(one.deviation.stop - 1) < began  # an incident of its own, shown beside it
    if series.symptom is not Symptom.ERRORS or series.trust is not Trust.SPANS or start >= began or over:
        return False
    at = {"service": series.service, "operation": series.operation}
    names = [row["name"] for row in case.query(_FAILED_AT, window=Window(start, began), **at).dicts()]
    if not names or until <= began:
        return False
    (row,) = case.query(
        _OF_REQUESTS, window=Window(began, until), service=series.service, names=names
    ).dicts()
    return _failed_before(row["requests"], row["made"])


def _failed_before(requests: int, made: int) -> bool:
    """Whether so many failed requests, of which so many made the call, fail for another reason."""
    return bool(requests >= TOLERATED_LEAST and made <= TOLERATED_MOST * requests)
