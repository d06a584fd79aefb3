"""Requests that fail at who answers them itself: as many errors of its own as requests that end badly, whatever else it writes."""

from collections.abc import Mapping
from typing import Any

from lastgood.algorithms.trouble_words import ANSWERED, error_kinds
from lastgood.inspections.culprit.weights import ACCOUNTED_FEWEST, ACCOUNTED_SHARE
from lastgood.model.failure import ErrorKind
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

REFUSED = """
SELECT service, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad FROM lg_served
WHERE phase != '' AND (failed OR http_status >= 400) GROUP BY service ORDER BY service LIMIT 1000"""
# Of another service, which answers late, badly or not at all.
_OF_OTHERS = frozenset(
    {ErrorKind.TIMEOUT, ErrorKind.REFUSED, ErrorKind.NETWORK, ErrorKind.DNS, ErrorKind.CERTIFICATE}
)


def ending_badly(case: Case, longer: float) -> Mapping[str, float]:
    """By service how many more requests end with an error than before; nothing where spans say where they fail."""
    if case.has(Signal.SPANS) or case.comparison is None:
        return {}
    rows = case.query(REFUSED, window=case.comparison.hull).dicts()
    more = {row["service"]: row["bad"] - longer * row["good"] for row in rows}
    return {service: number for service, number in more.items() if number >= ACCOUNTED_FEWEST}


def accounted(row: Mapping[str, Any], failures: float, longer: float) -> float:
    """The share of a service's failures that an error of its own accounts for, 0..1; 0 where it is of another service."""
    text = row["text"]
    if not failures or ANSWERED.search(text) or "upstream" in text or _OF_OTHERS & set(error_kinds(text)):
        return 0.0
    share = min(1.0, (row["bad"] - longer * row["good"]) / failures)
    return share if share >= ACCOUNTED_SHARE else 0.0
