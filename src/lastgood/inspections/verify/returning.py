"""When those who were affected started to be well again, and whether an action can have done it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from lastgood.algorithms.turning import rate_turn, share_turn
from lastgood.inspections.verify.three_windows import ThreeWindows
from lastgood.inspections.verify.weights import (
    ACTION_TAKES,
    RETURN_BUCKET,
    RETURN_BUCKETS,
    RETURN_GRADUAL,
    RETURN_REACH,
    RETURN_SLACK,
)
from lastgood.model.action import Credit
from lastgood.model.answers import Intervention
from lastgood.model.figures import duration
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.series import IS_BAD_LINE

AFFECTED = "if({slow:Float64} > 0, duration_ns >= {slow:Float64}, failed)"
PLACED = """(has(arrayZip({services:Array(String)}, {operations:Array(String)}), (service, operation))
          OR has({whole:Array(String)}, service))"""
BUCKETS = """
SELECT intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket, count() AS n, countIf(%s) AS affected
FROM %s WHERE %s GROUP BY bucket ORDER BY bucket"""
AFFECTED_REQUESTS = BUCKETS % (AFFECTED, "lg_requests", PLACED)
AFFECTED_LINES = BUCKETS % (IS_BAD_LINE, "lg_lines", "has({whole:Array(String)}, service)")


@dataclass(frozen=True, slots=True)
class Return:
    """When it started, with its interval, and when it was over; None where it was not by the end of the data."""

    start: datetime
    low: datetime
    high: datetime
    back: datetime | None


def bound(three: ThreeWindows) -> dict[str, object]:
    """What a query about those who were affected is handed."""
    named = sorted(place for place in three.places if place[1])
    found: dict[str, object] = {
        "whole": sorted(service for service, operation in three.places if not operation)
    }
    if three.by_lines:
        return found
    return found | {
        "slow": three.slow or 0.0,
        "services": [service for service, _ in named],
        "operations": [operation for _, operation in named],
    }


def returned(case: Case, done: Intervention, three: ThreeWindows, after: Window, by: str) -> Return | None:
    """When the share of those who are affected fell (`share`), or the rate of all (`traffic`) or of those served (`served`) rose."""
    step = max(RETURN_BUCKET, -(-int(done.before.hull(after).seconds) // RETURN_BUCKETS))
    # A bucket starts when the action did: what it did at once must not share one with the time before.
    first = done.before.end - timedelta(seconds=step * int(done.before.seconds // step))
    whole = Window(first, after.end)
    rows = case.query(
        AFFECTED_LINES if three.by_lines else AFFECTED_REQUESTS,
        window=whole,
        step_ns=step * 1_000_000_000,
        **bound(three),
    ).dicts()
    size = int(whole.seconds // step)
    of, affected = np.zeros(size), np.zeros(size)
    for row in rows:
        if 0 <= row["bucket"] < size:
            of[row["bucket"]], affected[row["bucket"]] = row["n"], row["affected"]
    turn = share_turn(affected, of) if by == "share" else rate_turn(of if by == "traffic" else of - affected)
    if turn is None:
        return None
    start, end, low, high = (first + timedelta(seconds=step * n) for n in (turn.start, turn.end, turn.low, turn.high))  # fmt: skip
    return Return(start, low, high, end if turn.end < size else None)


def credit_of(done: Intervention, found: Return | None) -> Credit:
    """Whether the action can have done it."""
    if found is None or done.deed.works_by is None:
        return Credit.UNCLEAR
    begun = done.before.end
    if found.high < begun:
        return Credit.BEFORE
    if found.low > done.deed.works_by:
        late = done.deed.stated or found.low > begun + ACTION_TAKES
        return Credit.LATE if late else Credit.UNCLEAR
    if nearby(done, found):
        return Credit.SHARED
    # Where it was gradual its start is the less sharp, the longer it took.
    slack = max(RETURN_REACH, RETURN_GRADUAL * ((found.back or found.high) - found.start))
    near = begun - RETURN_SLACK <= found.start <= done.deed.works_by
    sure = near and found.low >= begun - slack and found.high <= done.deed.works_by + slack
    at_once = done.deed.stated or found.start <= begun + RETURN_SLACK
    return Credit.THIS if sure and at_once else Credit.UNCLEAR


def nearby(done: Intervention, found: Return) -> tuple[str, ...]:
    """The other actions that can have taken effect then."""
    return tuple(
        one.name
        for one in done.deed.others
        if one.effective.start <= found.high and found.low <= one.effective.end
    )


def credit_words(done: Intervention, found: Return | None, credit: Credit, state: str) -> str:
    """`recovered at 15:21:00 UTC, 25 min after restart cart: not by this, or not by this alone`."""
    if found is None:
        return f"{state}, but the data do not show when, nor whether by {done.deed.name}"
    began, begun = _began(found, state), done.before.end
    apart = _apart(abs(found.start - begun))
    if credit is Credit.UNCLEAR and found.low > begun and not done.deed.stated:
        return f"{began}, {apart} after {done.deed.name}: no template states how long it takes, so the data do not show whether by this"
    others = " and ".join(nearby(done, found))
    span = f"between {found.low:%H:%M:%S} and {found.high:%H:%M:%S} UTC"
    return {
        Credit.THIS: began,
        Credit.BEFORE: f"already recovering {apart} before {done.deed.name}, done at {begun:%H:%M:%S} UTC: {began}",
        Credit.LATE: f"{began}, {apart} after {done.deed.name}: not by this, or not by this alone",
        Credit.SHARED: f"{began}, when {done.deed.name} and {others} can both have worked: neither is credited alone",
        Credit.UNCLEAR: f"{state} since a time {span}: the data do not show whether by {done.deed.name}, done at {begun:%H:%M:%S} UTC",
    }[credit]


def _began(found: Return, state: str) -> str:
    """`recovered at 15:21:00 UTC`, `recovered gradually from 15:01:00 until 15:21:00 UTC`."""
    if found.back is not None and found.back - found.start <= RETURN_SLACK:
        return f"{state} at {found.start:%H:%M:%S} UTC"
    until = f" until {found.back:%H:%M:%S}" if found.back else ""
    return f"{state} gradually from {found.start:%H:%M:%S}{until} UTC"


def _apart(gap: timedelta) -> str:
    seconds = gap.total_seconds()
    return duration(seconds)


def since(three_after: Window, found: Return | None) -> Window:
    """The time after, from when the return was over: what was before it is not what is now. All of it where little is left."""
    if found is None or found.back is None or found.back <= three_after.start:
        return three_after
    if three_after.end - found.back < RETURN_SLACK:
        return three_after
    return replace(three_after, start=found.back)
