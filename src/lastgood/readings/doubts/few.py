"""Failures that started late and are too few to be told from chance: what is there, and how much more would tell."""

from math import exp
from typing import Any

import numpy as np
from scipy.special import gammaln

from lastgood.model.clock import from_nanoseconds
from lastgood.model.evidence import Table
from lastgood.model.figures import count
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, Counted
from lastgood.readings.doubts.doubt import Doubt

FEWEST, MOST = 3, 30  # failures: of more, the search for an onset makes sure
BEFORE = 30  # requests, to know what is usual
CHANCE = 0.01  # that failures come so late by chance, times the starts tried
TIMES = 3.0  # the share before
SMALLEST = 0.02  # of requests since
MOST_REQUESTS = 50_000
MOST_MORE = 100_000

_REQUESTS = f"""
SELECT toUnixTimestamp64Nano(ts) AS at, failed, user FROM lg_requests
ORDER BY at LIMIT {MOST_REQUESTS + 1}"""
_FAILED = "SELECT count() AS n, countIf(failed) AS failures FROM lg_requests"


def few(case: Case) -> Doubt | None:
    """That more may fail since some time, though not surely; None when that is not so."""
    (counted,) = case.query(_FAILED).dicts()
    if not FEWEST <= counted["failures"] <= MOST or counted["n"] > MOST_REQUESTS:
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
        f"too few to exclude chance; about {count(_needed(before, since))} more requests would tell",
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
    tries = count - FEWEST + 1
    best: tuple[float, int] | None = None
    for before in range(tries):
        start = int(failed[before])
        since = (count - before) / (requests - start)
        if start < BEFORE or since < max(SMALLEST, TIMES * before / start):
            continue
        chance = _late(count - before, count, requests - start, requests) * tries
        if chance <= CHANCE and (best is None or chance < best[0]):
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
    users, hurt = (
        {row["user"] for row in found if row["user"]},
        {row["user"] for row in found if row["failed"]},
    )
    return len(users) >= 3 and len(hurt) == 1 and "" not in hurt


def _needed(before: Counted, since: Counted) -> int:
    """About how many more requests that fail alike would be surely more than before."""
    more = 10
    while more < MOST_MORE:
        whole = since.requests + more
        if Compared((), before, Counted(whole, since.share * whole)).fails_more():
            return more
        more = max(more + 1, round(more * 1.1))
    return more
