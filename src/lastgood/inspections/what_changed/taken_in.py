"""Data that a service took in: a line that it writes at every load, of which a number or a name is another since shortly before.

`prices: 912 rows, revision 41` every ten minutes, and `… revision 42` from the onset on. No feed of changes tells of it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from lastgood.inspections.what_changed.weights import TAKEN_AFTER, TAKEN_BEFORE, TAKEN_LINES
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

# What is said of data that are read at times: how many, which.
_LOADS = r"(?i)\b(re-?load|loaded|loading|import|refresh|revision|snapshot|generation|dataset|rows|records|entries|catalog|table|feed)"
LINES = """
SELECT service, shape, ts, body FROM lg_lines
WHERE service IN {services:Array(String)} AND severity < 13 AND match(body, {loads:String}) AND match(body, '[0-9]')
  AND (service, shape) IN (SELECT service, shape FROM lg_lines WHERE service IN {services:Array(String)} AND severity < 13 AND match(body, {loads:String})
                           GROUP BY service, shape HAVING count() BETWEEN 4 AND 500)
ORDER BY ts, body LIMIT 5000"""
_VALUES = re.compile(r"[\w.+-]*\d[\w.+-]*")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a service took in other data than before: the line that tells it, and when it was first written."""

    service: str
    at: datetime
    line: str


def taken_in(case: Case, services: Collection[str], low: datetime, high: datetime) -> TakenIn | None:
    """The other data that one of these services took in last before the onset; None where no line tells of any."""
    if not case.has(Signal.LOGS) or not services:
        return None
    lines = defaultdict[tuple[str, int, int], list[tuple[datetime, str, Sequence[str]]]](list)
    for row in case.query(LINES, services=sorted(services), loads=_LOADS).dicts():
        values = _VALUES.findall(row["body"])
        lines[row["service"], row["shape"], len(values)].append((row["ts"], row["body"], values))
    found = [
        TakenIn(service, at, body)
        for (service, _, _), stated in lines.items()
        for at, body in [_turned(stated)]
        if at is not None and low - TAKEN_BEFORE <= at <= high + TAKEN_AFTER
    ]
    return max(found, key=lambda one: (one.at, one.service), default=None)


def _turned(stated: Sequence[tuple[datetime, str, Sequence[str]]]) -> tuple[datetime | None, str]:
    """When the one value of some place in a line became another one value: each was reported alone until others came."""
    for values in zip(*(values for _, _, values in stated), strict=True):
        turns = [n for n in range(1, len(values)) if values[n] != values[n - 1]]
        first = turns[0] if turns else 0
        if first >= TAKEN_LINES and set(values) == {values[0], values[first]}:
            return stated[first][0], stated[first][1]
    return None, ""
