"""Slow statements: what a database logs of statements that take too long, more often than before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.inspections.culprit.weights import (
    SLOW_STATEMENTS,
    STATEMENT_LETTERS,
    STATEMENTS_SCALE,
)
from lastgood.model.clock import from_nanoseconds
from lastgood.model.figures import clock, shortened
from lastgood.model.judgement import Reason
from lastgood.readings.slow_statements import more_logged, statement_of
from lastgood.readings.suspicions import grown


def slow_statements(
    known: Mapping[tuple[str, str], Mapping[str, Any]], longer: float, near: datetime
) -> Iterator[Suspicion]:
    """A suspicion against each store that logs slow statements more often; `longer`: seconds bad per seconds good.

    It says when the first was logged, which may be long before requests fail of it; `near` is a time of that day.
    """
    found: dict[str, list[tuple[int, int, str, frozenset[int], int]]] = defaultdict(list)
    for (service, _), row in known.items():
        if sql := statement_of(service, row["text"].strip()):
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
