"""Answers that succeed with nothing in them: requests that were answered with content (200) and are not any more (204).

No request fails then, and yet its sender goes away with nothing: no offer, no result, no bid. Where much of what an
operation used to give is gone, that is no health, though only a figure of the business can say what it means.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from lastgood.algorithms.change_point import Deviation, deviation
from lastgood.model.evidence import Table
from lastgood.model.figures import count, percent
from lastgood.model.finding import Check
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.doubts.doubt import Doubt
from lastgood.readings.grid import Grid, grid_of
from lastgood.readings.series import grouped, per_bucket
from lastgood.telemetry.reader import Rows

# fmt: off
EMPTIED_ANSWERS = Count(60, "answers of an operation that succeed, to watch what is in them", "judgement: of fewer, two windows say nothing")
EMPTIED_LEFT = Amount(0.6, "of the usual share of answers with content, at most, is a loss", "as lastgood.inspections.onset.weights.TRAFFIC_LEFT")
EMPTIED_FEWER = Count(20, "answers with content fewer than expected", "judgement: fewer come by chance")
EMPTIED_CHANCE = Amount(0.001, "chance that a share deviates so far, over all that is tried", "judgement: as an alarm")
# fmt: on
_ANSWERS = """
SELECT service, operation, intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket,
       count() AS n, countIf(http_status NOT IN (204, 205)) AS given
FROM lg_requests
WHERE http_status BETWEEN 200 AND 299 AND (service, operation) GLOBAL IN (
    SELECT service, operation FROM lg_requests WHERE http_status IN (204, 205) GROUP BY service, operation)
GROUP BY service, operation, bucket ORDER BY service, operation, bucket LIMIT 500000"""


@dataclass(frozen=True, slots=True)
class _Emptied:
    """One operation's answers, and since when fewer of them have content."""

    service: str
    operation: str
    found: Deviation
    before: float  # share with content
    now: float


def emptied(case: Case) -> Doubt | None:
    """That far fewer answers have content since some time, though they succeed; None where that is not so."""
    if not (case.has(Signal.LOGS) or case.has(Signal.SPANS)):
        return None
    grid = grid_of(case, Signal.SPANS if case.has(Signal.SPANS) else Signal.LOGS)
    if grid is None:
        return None
    rows = case.query(_ANSWERS, window=grid.window, step_ns=grid.step * 1_000_000_000)
    found = list(_emptied(rows, grid))
    if not found:
        return None
    first = min(found, key=lambda one: one.found.log_chance)
    since = grid.begin(first.found.start)
    return Doubt(
        f"{percent(first.now)} of the answers of {first.service} {first.operation} have content since "
        f"{since:%H:%M:%S} UTC, {percent(first.before)} before; the others succeed empty (204)",
        evidence=(_table(found, grid, rows),),
        limits=(
            Check(
                "load a figure of what users came for (orders, results, bids); it would show whether that is harm"
            ),
        ),
    )


def _emptied(rows: Rows, grid: Grid) -> Iterator[_Emptied]:
    parts = [
        (place, per_bucket(part, "given", grid), per_bucket(part, "n", grid))
        for place, part in grouped(rows, "service", "operation")
    ]
    watched = [part for part in parts if part[2].sum() >= EMPTIED_ANSWERS]
    for (service, operation), given, n in watched:
        found = deviation(given, n, share=True, rise=False, lasting=True)
        if found is None or not found.start:
            continue
        sure = found.log_chance + log(len(watched)) <= log(EMPTIED_CHANCE)
        less = found.inside <= EMPTIED_LEFT * found.outside and found.expected - found.events >= EMPTIED_FEWER
        if sure and less:
            yield _Emptied(service, str(operation), found, found.outside, found.inside)


def _table(found: list[_Emptied], grid: Grid, rows: Rows) -> Table:
    return Table(
        "Answers with content, of those that succeed",
        ("service", "operation", "since", "answers with content", "expected"),
        tuple(
            (one.service, one.operation, f"{grid.begin(one.found.start):%Y-%m-%d %H:%M:%S}", count(one.found.events),
             count(np.round(one.found.expected)))
            for one in sorted(found, key=lambda one: one.found.log_chance)[:20]
        ),
        rows.provenance,
    )  # fmt: skip
