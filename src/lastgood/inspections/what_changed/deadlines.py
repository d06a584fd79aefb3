"""Calls that their caller gives up: all end after one time, and calls that took longer used to be answered.

Such a time is a limit of the caller. The dependency answers as it did; a change of the caller, or one that may be of the
caller, is the likelier cause.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.inspections.what_changed.weights import (
    CUT_CALLS,
    CUT_SAME,
    CUT_USED_LONGER,
    GIVES_UP,
    LIMIT_EQUAL,
    SETS_LIMIT,
)
from lastgood.model.change import OURS, Change
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.traces import one_in

GIVEN_UP = """
SELECT service, peer, count() AS n, quantileIf(0.05)(duration_ns, phase = 'bad' AND given_up) AS low,
       quantileIf(0.95)(duration_ns, phase = 'bad' AND given_up) AS high,
       quantileIf(0.95)(duration_ns, phase = 'good' AND NOT failed) AS usual, countIf(phase = 'bad' AND given_up) AS cut
FROM (SELECT service, peer, phase, failed, duration_ns, failed AND match(concat(error_type, ' ', message),
             '(?i)time[sd]?[ _-]?out|deadline|cancell?ed') AS given_up
      FROM lg_sample WHERE kind = 'Client' AND peer != '')
GROUP BY service, peer ORDER BY cut DESC, service, peer LIMIT 200"""
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*(ms|milliseconds|s|sec|seconds)?(?![\w.%])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A caller's limit, and how long a call to the same peer took before, in seconds (95 % were faster)."""

    peer: str
    limit: float
    usual: float


def read_given_up(case: Case) -> dict[str, GivenUp]:
    """By caller, the calls that it gives up, of the peer where it gives up most."""
    if case.comparison is None or not case.has(Signal.SPANS):
        return {}
    return given_up(case.query(GIVEN_UP, every=one_in(case)).dicts())


def given_up(rows: Iterable[Mapping[str, Any]]) -> dict[str, GivenUp]:
    """The same of rows of GIVEN_UP, most calls first."""
    found: dict[str, GivenUp] = {}
    for row in rows:
        same = row["cut"] >= CUT_CALLS and row["high"] <= CUT_SAME * row["low"]
        if same and row["usual"] >= CUT_USED_LONGER * row["high"]:
            found.setdefault(row["service"], GivenUp(row["peer"], row["high"] / 1e9, row["usual"] / 1e9))
    return found


def giving_up(change: Change, parties: set[str], callers: Mapping[str, GivenUp]) -> list[Reason]:
    """What a change of a caller that gives up, or one that names no service, has for it."""
    if change.kind not in OURS:
        return []
    for caller, one in sorted(callers.items()):
        if parties and caller not in parties:
            continue
        found = [Reason(GIVES_UP, who=caller, party=one.peer, limit=one.limit, usual=one.usual)]
        if (said := _says(change, one.limit)) is not None:
            found.append(Reason(SETS_LIMIT, said=said, limit=one.limit))
        return found
    return []


def _says(change: Change, limit: float) -> str | None:
    """The number with which a change says the limit, in seconds, or in milliseconds where it has no unit."""
    for text in (change.version, change.title):
        for found in _NUMBER.finditer(text):
            unit = (found[2] or "ms").lower()
            seconds = float(found[1]) * (1e-3 if unit.startswith("m") else 1)
            if abs(seconds - limit) <= LIMIT_EQUAL * limit:
                return found[0]
    return None
