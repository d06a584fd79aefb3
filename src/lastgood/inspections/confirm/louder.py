"""Whether it is real by log lines alone: services whose error lines became more frequent."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.algorithms.counts import rate_ratio, share_difference
from lastgood.algorithms.trouble_words import is_store
from lastgood.inspections.confirm.weights import CLIENT_LINES, CONFIRM_SURE, LOUDER_AS_USUAL, LOUDER_TIMES
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import count, counted, expected
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.readings.case import Case
from lastgood.readings.compared import COMPARED_FEWEST, COMPARED_LEVEL, covered_seconds
from lastgood.readings.same_hour import same_hours
from lastgood.readings.series import IS_BAD_LINE

_ERRORS = f"SELECT service, countIf({IS_BAD_LINE}) AS errors FROM lg_lines GROUP BY service ORDER BY service"

NO_LINES = {"n": 0, "errors": 0, "users": 0}

_LINES = f"""
SELECT service, phase, count() AS n, countIf({IS_BAD_LINE}) AS errors,
       uniqExactIf(user, user != '' AND {IS_BAD_LINE}) AS users
FROM lg_lines WHERE phase != '' GROUP BY service, phase ORDER BY service, phase"""


@dataclass(frozen=True, slots=True)
class Lines:
    """One service's lines in both windows, and the error lines that its past leads to expect."""

    service: str
    good: Mapping[str, int]
    bad: Mapping[str, int]
    expected: float
    ratio: float  # low end of the interval of the rate of error lines, bad over good

    @property
    def louder(self) -> bool:
        """Whether error lines became more frequent by more than chance, and by enough to matter."""
        enough = self.bad["errors"] >= max(LOUDER_TIMES * self.expected, self.expected + COMPARED_FEWEST)
        return self.ratio > 1 and enough


def by_lines(case: Case, comparison: Comparison) -> Finding:
    """Whether error lines became more frequent, where there are no requests."""
    rows = case.query(_LINES, window=comparison.hull)
    seconds = tuple(covered_seconds(case, w, Signal.LOGS) for w in (comparison.good, comparison.bad))
    if not len(rows) or not all(seconds):
        return Finding(Verdict.UNKNOWN, "there are neither requests nor log lines in both windows")
    found = rows.dicts()
    table = Table(
        "Lines and error lines by service",
        ("service", "phase", "lines", "error lines", "users in them"),
        tuple((r["service"], r["phase"], r["n"], r["errors"], r["users"]) for r in found),
        rows.provenance,
    )
    every = list(_lines(found, seconds))
    louder = [lines for lines in every if lines.louder]
    usual, days = _at_this_hour(case, comparison)
    more = [lines for lines in louder if _more_than(lines.bad["errors"], usual.get(lines.service, 0), days)]
    if more and all(is_store(lines.service) for lines in more) and _clients(every):
        return _of_stores_alone(more, table)
    if more:
        return _louder(more, table)
    if louder:
        return _as_at_this_hour(louder, usual, days, table)
    errors = sum(row["errors"] for row in found if row["phase"] == "bad")
    return Finding(
        Verdict.UNKNOWN,
        f"{count(errors)} error lines are at their usual rate, and lines alone do not show whether requests succeed",
        evidence=(table,),
    )


def _at_this_hour(case: Case, comparison: Comparison) -> tuple[Counter[str], int]:
    """How many error lines services logged at the same hour of other days, and of how many days."""
    errors = Counter[str]()
    hours = same_hours(case, comparison.bad, Signal.LOGS)
    for window in hours:
        errors.update({row["service"]: row["errors"] for row in case.query(_ERRORS, window=window).dicts()})
    return errors, len(hours)


def _more_than(errors: int, usual: int, days: int) -> bool:
    """Whether error lines are more than those of so many days at this hour, beyond chance."""
    return usual < COMPARED_FEWEST or rate_ratio((errors, 1.0), (usual, float(days)), COMPARED_LEVEL)[0] > 1


def _as_at_this_hour(louder: list[Lines], usual: Counter[str], days: int, table: Table) -> Finding:
    """That error lines are more than before, and as many as at the same hour of other days."""
    loudest = max(louder, key=lambda lines: lines.bad["errors"] - lines.expected)
    return Finding(
        Verdict.NO,
        f"{loudest.service or 'an unnamed service'} logs {count(loudest.bad['errors'])} error lines, "
        f"{expected(loudest.expected)} just before, and {expected(usual[loudest.service] / days)} at this hour of {days} other days",
        confidence=LOUDER_AS_USUAL,
        evidence=(table,),
        limits=("lines alone do not show whether requests succeed",),
    )


def _lines(rows: list[dict[str, Any]], seconds: tuple[float, ...]) -> Iterator[Lines]:
    counts = {(row["service"], row["phase"]): row for row in rows}
    services = sorted({service for service, _ in counts})
    level = 1 - (1 - COMPARED_LEVEL) / len(services)
    for service in services:
        good, bad = (counts.get((service, phase), NO_LINES) for phase in ("good", "bad"))
        low, _ = rate_ratio((bad["errors"], seconds[1]), (good["errors"], seconds[0]), level)
        yield Lines(service, good, bad, good["errors"] * seconds[1] / seconds[0], low)


def _clients(every: list[Lines]) -> bool:
    """Whether services that may use a store tell of their work in both windows."""
    return any(
        lines.service and not is_store(lines.service) and lines.good["n"] and lines.bad["n"] >= CLIENT_LINES
        for lines in every
    )


def _of_stores_alone(louder: list[Lines], table: Table) -> Finding:
    """That a store answers more statements with errors, and no client logs one: it may expect them."""
    loudest = max(louder, key=lambda lines: lines.bad["errors"] - lines.expected)
    return Finding(
        Verdict.UNKNOWN,
        f"{loudest.service} logs {count(loudest.bad['errors'])} error lines, {expected(loudest.expected)} expected, "
        "but no service that may use it logs more errors",
        evidence=(table,),
        limits=("lines alone do not show whether requests succeed",),
    )


def _louder(louder: list[Lines], table: Table) -> Finding:
    loudest = max(louder, key=lambda lines: lines.bad["errors"] - lines.expected)
    others = f"; also {counted(len(louder) - 1, 'other service')}" if len(louder) > 1 else ""
    low, high = share_difference(
        (loudest.bad["errors"], loudest.bad["n"]), (loudest.good["errors"], loudest.good["n"])
    )
    users = sum(lines.bad["users"] for lines in louder)
    return Finding(
        Verdict.YES,
        f"{loudest.service or 'an unnamed service'} logs {count(loudest.bad['errors'])} error lines, "
        f"{expected(loudest.expected)} expected{others}",
        confidence=CONFIRM_SURE,
        answer=Confirmation(Impact(None, None, None, None, users or None, ImpactKind.ERRORS), low, high),
        evidence=(table,),
        limits=("there are no requests in the data: impact is estimated from error lines",),
    )
