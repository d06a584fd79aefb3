"""Slow statements: what a database logs of statements that take too long, more often than before."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.inspections.culprit.weights import (
    SLOW_STATEMENTS,
    STATEMENT_LETTERS,
    STATEMENTS_SCALE,
)
from lastgood.model.attributes import DURATION_NS
from lastgood.model.clock import from_nanoseconds
from lastgood.model.figures import clock, shortened
from lastgood.model.judgement import Reason
from lastgood.readings.case import Case
from lastgood.readings.slow_statements import more_logged, says_duration, statement_of
from lastgood.readings.suspicions import grown

_TIMED_LINES = f"""
SELECT DISTINCT %(place)s AS place FROM lg_lines
WHERE phase != '' AND attributes['{DURATION_NS}'] != '' AND service IN {{services:Array(String)}} ORDER BY place LIMIT 20000"""


def timed_places(
    case: Case, known: Mapping[tuple[str, str], Mapping[str, Any]], place: str
) -> frozenset[int]:
    """The places of lines that are a statement and have a duration, as those of a slow log; `place` is SQL for one."""
    services = {
        service
        for (service, _), row in known.items()
        if statement_of(service, row["text"].strip()) and not says_duration(row["text"].strip())
    }
    if not services:
        return frozenset()
    rows = case.query(_TIMED_LINES % {"place": place}, services=sorted(services)).dicts()
    return frozenset(row["place"] for row in rows)


def slow_statements(
    known: Mapping[tuple[str, str], Mapping[str, Any]],
    longer: float,
    near: datetime,
    timed: Collection[int] = (),
) -> Iterator[Suspicion]:
    """A suspicion against each store that logs slow statements more often; `longer`: seconds bad per seconds good.

    It says when the first was logged, which may be long before requests fail of it; `near` is a time of that day.
    A statement alone is slow only where its lines are among those that have a duration: `timed`. An error quotes one too.
    """
    found: dict[str, list[tuple[int, int, str, frozenset[int], int]]] = defaultdict(list)
    for (service, _), row in known.items():
        text = row["text"].strip()
        if (sql := statement_of(service, text)) and (
            says_duration(text) or not set(row["places"]).isdisjoint(timed)
        ):
            found[service].append((row["bad"], row["good"], sql, frozenset(row["buckets"]), row["first"]))
    for service, rows in found.items():
        bad, good = sum(row[0] for row in rows), sum(row[1] for row in rows)
        more = bad - good * longer
        if not more_logged(bad, good, longer):
            continue
        text = shortened(max(rows)[2], STATEMENT_LETTERS)
        first = clock(from_nanoseconds(min(row[4] for row in rows)), near)
        why = Reason(
            SLOW_STATEMENTS, scale=grown(more, STATEMENTS_SCALE), bad=bad, good=good, text=text, first=first
        )
        traces = frozenset[int]().union(*(row[3] for row in rows))
        yield Suspicion(
            service, "database", why.ratio, why.reported, sign=Sign.SLOW, traces=traces, damage=float(more)
        )
