"""Failures at a level that is bad by itself: what may be said where there is no good past to compare with.

Half of all requests failing is an outage, whatever was before. A share that is bad, and less than that, may be usual
here: then nothing is decided, until the data reach back for a day. Error lines are no requests, and never decide.
"""

from dataclasses import dataclass

from lastgood.algorithms.counts import wilson
from lastgood.model.answers import Confirmation, Impact, ImpactKind
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Check
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.compared import covered_seconds
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.reader import Rows

# fmt: off
STANDING_OUTAGE = Amount(0.5, "of requests that fail, give or take chance, are an outage", "judgement: most users are affected")
STANDING_NEARLY = Amount(0.45, "of requests that fail at least, where chance leaves it open", "judgement: near the half")
STANDING_BAD = Amount(0.05, "of requests that fail, beyond chance, raise a doubt", "judgement: users notice one in twenty")
STANDING_ENOUGH = Count(30, "requests of a place, or lines of a service", "judgement: of fewer nothing can be said")
STANDING_FAILURES = Count(3, "failures", "judgement: fewer come by chance")
STANDING_LOUD = Amount(0.25, "of a service's lines that are errors", "judgement: no working service reports so many")
STANDING_USUAL = Amount(86_400.0, "s of the same: then it is usual here", "judgement: a person would have called in a day")
STANDING_USERS = Count(3, "users, of whom only one may be affected", "judgement: of two, one is half")
STANDING_LEVEL = Amount(0.95, "of confidence in a share's interval (Wilson)", "judgement: the usual level")
# fmt: on

REQUESTS = """
SELECT service, operation, count() AS n, countIf(failed) AS failures
FROM lg_requests GROUP BY service, operation ORDER BY n DESC, service, operation LIMIT 5000"""
_USERS = """
SELECT count() AS users, max(hit) AS most, argMax(n, hit) AS of_theirs
FROM (SELECT user, count() AS n, countIf(failed) AS hit FROM lg_requests WHERE user != '' GROUP BY user)"""
LINES = f"""
SELECT service, count() AS n, countIf({IS_BAD_LINE}) AS errors
FROM lg_lines GROUP BY service ORDER BY n DESC, service LIMIT 5000"""


@dataclass(frozen=True, slots=True)
class Level:
    """How many of something fail, over all of the window."""

    of: str  # `requests`, `requests to shop /pay`
    n: int
    failed: int

    @property
    def share(self) -> float:
        """Of failures; 0 without requests."""
        return self.failed / self.n if self.n else 0.0

    @property
    def bad(self) -> bool:
        """Whether more than a bad share fails, beyond chance."""
        return (
            self.failed >= STANDING_FAILURES and wilson(self.failed, self.n, STANDING_LEVEL)[0] > STANDING_BAD
        )

    @property
    def outage(self) -> bool:
        """Whether that is an outage by itself."""
        return (
            self.n >= STANDING_ENOUGH
            and self.share >= STANDING_NEARLY
            and wilson(self.failed, self.n, STANDING_LEVEL)[1] >= STANDING_OUTAGE
        )


def standing(case: Case) -> Doubt | None:
    """That it is real, or may be, by how much fails at all; None where little does, or it has been so for a day."""
    rows = case.query(REQUESTS)
    places = [Level(_named(r["service"], r["operation"]), r["n"], r["failures"]) for r in rows.dicts()]
    whole = Level("requests", sum(one.n for one in places), sum(one.failed for one in places))
    if not whole.n:
        return _loud(case)
    seconds = covered_seconds(case, case.window, Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS)
    if seconds >= STANDING_USUAL and not whole.outage:
        return None
    part = next((one for one in places if one.outage), None)
    worst = whole if whole.bad or part is None else part
    if not worst.bad or _one_user(case, whole):
        return None
    reported = f"{percent(worst.share)} of {count(worst.n)} {worst.of} fail throughout the data"
    table = Table(
        "Requests over all of the data",
        ("of", "requests", "failed"),
        tuple((one.of, one.n, one.failed) for one in (whole, *places[:20])),
        rows.provenance,
    )
    if worst is whole and whole.outage and seconds < STANDING_USUAL:
        return _outage(case, whole, reported, table)
    return Doubt(
        f"{reported}; no baseline shows whether that is usual",
        evidence=(table,),
        limits=(Check(f"load data from before {_start(case)}; it would show whether that is usual"),),
    )


def _outage(case: Case, whole: Level, reported: str, table: Table) -> Doubt:
    kind = ImpactKind.ERRORS
    impact = Impact(whole.n, whole.failed, whole.share, None, None, kind)
    return Doubt(
        f"{reported}; no baseline before {_start(case)}",
        outage=Confirmation(impact, *wilson(whole.failed, whole.n, STANDING_LEVEL)),
        evidence=(table,),
        limits=(f"it started before {_start(case)}, the start of the data: earlier data would show when",),
    )


def _one_user(case: Case, whole: Level) -> bool:
    """Whether one of several named users has so many of the failures that the rest is no bad share."""
    (found,) = case.query(_USERS).dicts()
    if found["users"] < STANDING_USERS or not found["most"]:
        return False
    return not Level("", whole.n - found["of_theirs"], whole.failed - found["most"]).bad


def _loud(case: Case) -> Doubt | None:
    """That much of what a service logs is errors, where there are no requests."""
    rows = case.query(LINES)
    found = [
        row
        for row in rows.dicts()
        if row["n"] >= STANDING_ENOUGH and row["errors"] >= STANDING_LOUD * row["n"]
    ]
    if not found:
        return None
    loudest = max(found, key=lambda row: row["errors"])
    share, whose = percent(loudest["errors"] / loudest["n"]), loudest["service"] or "an unnamed service"
    return Doubt(
        f"{share} of the {count(loudest['n'])} lines of {whose} are errors throughout the data; "
        "no baseline shows whether that is usual",
        evidence=(_lines_table(rows),),
        limits=(
            Check(
                f"load data from before {_start(case)}, or requests with a status; it would show whether users are affected"
            ),
        ),
    )


def _lines_table(rows: Rows) -> Table:
    return Table(
        "Lines over all of the data",
        ("service", "lines", "error lines"),
        tuple((row["service"], row["n"], row["errors"]) for row in rows.dicts()[:20]),
        rows.provenance,
    )


def _named(service: str, operation: str) -> str:
    return f"requests to {f'{service} {operation}'.strip() or 'an unnamed service'}"


def _start(case: Case) -> str:
    return f"{case.window.start:%Y-%m-%d %H:%M:%S} UTC"
