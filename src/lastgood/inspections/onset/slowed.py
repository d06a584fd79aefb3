"""Slowed: statements of a database that became slow before requests failed of waiting for them."""

from collections.abc import Iterator
from dataclasses import replace
from math import log

from lastgood.algorithms.change_point import deviation
from lastgood.algorithms.trouble_words import error_kinds
from lastgood.inspections.onset.crept import slower_before
from lastgood.inspections.onset.deviations import Candidate, matters
from lastgood.inspections.onset.episodes import LEADS
from lastgood.inspections.onset.weights import ALARM_CHANCE, CREPT_BUCKETS, LINES_TIMES, STATEMENTS_LEAD
from lastgood.model.clock import from_nanoseconds
from lastgood.model.failure import ErrorKind
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid
from lastgood.readings.series import KINDS, Symptom, SymptomSeries, counted, grouped, per_bucket
from lastgood.readings.slow_statements import statement_series

# What errors report that come of waiting for a database.
WAITING = frozenset({ErrorKind.POOL, ErrorKind.TIMEOUT, ErrorKind.LOCKS})


def slowed_before(case: Case, first: Candidate) -> Candidate:
    """The same, or the slow statements that lasted until it began, where its errors or its slowness are a wait."""
    if first.series.symptom not in LEADS or not case.has(Signal.LOGS):
        return first
    tables = list(statement_series(case))
    tries = log(max(1, 2 * len(tables)))
    found = [
        candidate
        for one in tables
        for candidate in (*_more_before(one, first, tries), *slower_before(one, first, tries))
        if first.start - candidate.start <= STATEMENTS_LEAD.total_seconds() * 1e9
    ]
    if not found or not _waits(case, first, tables[0].grid):
        return first
    return min(found, key=lambda one: (one.start, one.log_chance))


def _more_before(one: SymptomSeries, first: Candidate, tries: float) -> Iterator[Candidate]:
    """More statements than before in a log of slow ones, up to the symptom and after it began."""
    until = min(one.grid.first_from(from_nanoseconds(first.start)), one.grid.buckets)
    if until < CREPT_BUCKETS:
        return
    found = deviation(one.observed[:until], one.exposure[:until], share=False, rise=True, lasting=True)
    if found is None or found.log_chance + tries > ALARM_CHANCE or not matters(one, found):
        return
    after = slice(until, 2 * until - found.start)
    if one.observed[after].sum() > LINES_TIMES * found.outside * one.exposure[after].sum():
        yield Candidate(one, replace(found, stop=min(one.grid.buckets, until + 1)), found.log_chance + tries)


def _waits(case: Case, first: Candidate, grid: Grid) -> bool:
    """Whether what failed was slow, or errors that increased with it report a wait."""
    if first.series.symptom is Symptom.LATENCY:
        return True
    begin = grid.first_from(from_nanoseconds(first.start))
    for (_, _), part in grouped(counted(case, grid, KINDS), "service", "shape"):
        n = per_bucket(part, "n", grid)
        if n[begin:].sum() > n[:begin].sum() and WAITING & set(error_kinds(part["example"][0].as_py())):
            return True
    return False
