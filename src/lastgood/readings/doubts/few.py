"""Failures that started late and are too few to be distinguished from chance: what is there, and how much more would tell."""

from math import exp
from typing import Any

import numpy as np

from lastgood.algorithms.special import gammaln
from lastgood.model.clock import from_nanoseconds
from lastgood.model.evidence import Table
from lastgood.model.figures import count
from lastgood.model.judgement import Amount, Count
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, Counted
from lastgood.readings.doubts.doubt import Doubt

# fmt: off
LATE_FEWEST = Count(3, "failures late in the window raise a doubt", "judgement: fewer come by chance")
LATE_MOST = Count(30, "failures at most", "judgement: of more, the search for an onset makes sure")
LATE_BEFORE = Count(30, "requests before them, to know what is usual", "judgement: of fewer nothing is usual")
LATE_CHANCE = Amount(0.01, "chance that failures come so late by chance, times the starts tried", "judgement: a doubt needs less than an alarm")
LATE_TIMES = Amount(3.0, "times the share before", "judgement: clearly more")
LATE_SHARE = Amount(0.02, "of requests since fail", "judgement: less is not noticed by anyone")
LATE_USERS = Count(3, "users, of whom only one may be affected", "judgement: of two, one is half")
LATE_READ = Count(50_000, "requests that are read", "judgement: bounds the work")
MORE_MOST = Count(100_000, "requests more that would decide, at most", "judgement: no one waits for more")
MORE_FIRST = Count(10, "requests more that are tried first", "judgement: the search proceeds in tenths")
MORE_STEP = Amount(1.1, "times as many are tried next", "judgement: a tenth is near enough")
# fmt: on

_REQUESTS = f"""
SELECT toUnixTimestamp64Nano(ts) AS at, failed, user FROM lg_requests
ORDER BY at LIMIT {LATE_READ + 1}"""
_FAILED = "SELECT count() AS n, countIf(failed) AS failures FROM lg_requests"


def few(case: Case) -> Doubt | None:
    """That more may fail since some time, though not surely; None when that is not so."""
    (counted,) = case.query(_FAILED).dicts()
    if not LATE_FEWEST <= counted["failures"] <= LATE_MOST or counted["n"] > LATE_READ:
        return None
    rows = case.query(_REQUESTS)
    found = rows.dicts()
    start = _start(np.flatnonzero([row["failed"] for row in found]), len(found))
    if start is None or _one_user(found):
        return None
    before, since = (
        Counted(len(part), sum(row["failed"] for row in part)) for part in (found[:start], found[start:])
    )
    at = from_nanoseconds(found[start]["at"])
    usual = f"{count(before.failed)} of {count(before.requests)} before"
    return Doubt(
        f"{count(since.failed)} of {count(since.requests)} requests failed since {at:%H:%M:%S} UTC, {usual}: "
        f"too few to exclude chance; about {count(_needed(before, since))} more requests are needed",
        evidence=(
            Table(
                "Requests before and since",
                ("when", "requests", "failed"),
                (
                    ("before", int(before.requests), int(before.failed)),
                    ("since", int(since.requests), int(since.failed)),
                ),
                rows.provenance,
            ),
        ),
    )


def _start(failed: np.ndarray[Any, Any], requests: int) -> int | None:
    """The request from which on failures are more than chance gives, of those that failed; None when there is none."""
    count = len(failed)
    tries = count - LATE_FEWEST + 1
    best: tuple[float, int] | None = None
    for before in range(tries):
        start = int(failed[before])
        since = (count - before) / (requests - start)
        if start < LATE_BEFORE or since < max(LATE_SHARE, LATE_TIMES * before / start):
            continue
        chance = _late(count - before, count, requests - start, requests) * tries
        if chance <= LATE_CHANCE and (best is None or chance < best[0]):
            best = chance, start
    return best[1] if best else None


def _late(late: int, failures: int, since: int, requests: int) -> float:
    """The chance that so many of the failures fall into the last requests, when each is as likely to fail."""
    most = min(failures, since)
    return sum(
        exp(_ways(failures, k) + _ways(requests - failures, since - k) - _ways(requests, since))
        for k in range(late, most + 1)
        if since - k <= requests - failures
    )


def _ways(whole: int, chosen: int) -> float:
    return float(gammaln(whole + 1) - gammaln(chosen + 1) - gammaln(whole - chosen + 1))


def _one_user(found: list[dict[str, Any]]) -> bool:
    """Whether all that fail are one of several users'."""
    users, affected = (
        {row["user"] for row in found if row["user"]},
        {row["user"] for row in found if row["failed"]},
    )
    return len(users) >= LATE_USERS and len(affected) == 1 and "" not in affected


def _needed(before: Counted, since: Counted) -> int:
    """About how many more requests that fail alike would be surely more than before."""
    more: int = MORE_FIRST
    while more < MORE_MOST:
        whole = since.requests + more
        if Compared((), before, Counted(whole, since.share * whole)).fails_more():
            return more
        more = max(more + 1, round(more * MORE_STEP))
    return more
