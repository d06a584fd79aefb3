"""Statuses that a diff answers with, against those that requests get that fail anew: a check that refuses with 409 makes no 400."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from lastgood.algorithms.code_places import signed_lines
from lastgood.inspections.what_changed.weights import ANSWERS_OTHERWISE, ANSWERS_SO, STATUS_SHARE
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.risen import risen

# A number where code says an answer, and the names that languages give it: HttpStatus.CONFLICT, http.StatusConflict, :conflict.
_NUMBER = re.compile(
    r"(?i)(?:status(?:_?code)?|abort|halt|sendError|HTTPException|HttpError|render|response|problem)\W{0,3}[\w.(]{0,20}?\W{0,2}\b(4\d\d)\b"
)
_NAMED = re.compile(
    r"(?:HttpStatus(?:Code)?|HTTPStatus|StatusCodes?|Status|Response\.Status|Results|TypedResults)\s*[.:]{1,2}\s*([A-Za-z_]\w+)|\bhttp\.Status([A-Z]\w+)|(?:status|head)[ :(]+:([a-z_]+)"
    r"|(?:new |throw |raise )\s*(?:\w+\.)*(Conflict|Gone|Forbidden|Unauthorized|NotFound|BadRequest|UnprocessableEntity|TooManyRequests)(?:Exception|Error|HttpException)?\b"
)
_BY_NAME = {re.sub("_", "", one.name).lower(): one.value for one in HTTPStatus if 400 <= one < 500}
_FAILING = """
SELECT http_status AS text, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_requests WHERE phase != '' AND http_status >= 400 GROUP BY text HAVING bad > 0 ORDER BY bad DESC, text LIMIT 50"""


def statuses_of(diff: str) -> frozenset[int]:
    """The 4xx that the added lines of a unified diff answer with; any fault makes 500 or 503."""
    added = "\n".join(signed_lines(diff, "+"))
    found = {int(number) for number in _NUMBER.findall(added)}
    for names in _NAMED.findall(added):
        # ASP.NET writes the number too: Status409Conflict.
        keys = {re.sub(r"^status\d{3}|_", "", name.lower()) for name in names}
        found |= {_BY_NAME[key] for key in keys & _BY_NAME.keys()}
    return frozenset(found)


def read_failing_statuses(case: Case) -> dict[int, float]:
    """The share that each status has of the requests that fail anew; empty where no request says a status."""
    if case.comparison is None or not (case.has(Signal.SPANS) or case.has(Signal.LOGS)):
        return {}
    more = risen(case, case.query(_FAILING, window=case.comparison.hull).dicts())
    whole = sum(extra for _, extra in more)
    return {int(row["text"]): extra / whole for row, extra in more}


def answering(statuses: frozenset[int], failing: Mapping[int, float]) -> list[Reason]:
    """Whether what a change answers with is what fails anew; nothing where either is not known."""
    if not statuses or not failing:
        return []
    share = sum(failing.get(status, 0.0) for status in statuses)
    said = " or ".join(map(str, sorted(statuses)))
    if share >= STATUS_SHARE:
        return [Reason(ANSWERS_SO, status=said, share=share)]
    most = max(failing, key=lambda status: (failing[status], -status))
    return [Reason(ANSWERS_OTHERWISE, status=said, most=most)] if failing[most] >= STATUS_SHARE else []
