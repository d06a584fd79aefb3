"""What is asked for more: one operation that nearly all additional requests are for, while the others are asked for as before.

More people use everything more. A client that is set to ask more often, a loop or a scan uses one operation.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from lastgood.algorithms.change_point import Split, deviation, split
from lastgood.inspections.what_changed.weights import (
    ASKED_AFTER,
    ASKED_CELL,
    ASKED_CHANCE,
    ASKS_MORE,
    OPERATION_GROWN,
    OPERATION_SHARE,
    OTHERS_ASKED,
    OTHERS_GROWN,
    SENDER_FEWEST,
)
from lastgood.model.answers import GoldenSignals, Shape
from lastgood.model.change import OURS, Change
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

_OPERATIONS = """
SELECT service, operation, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad FROM lg_requests
WHERE phase != '' GROUP BY service, operation ORDER BY bad DESC, service, operation"""
_TIMES = """
SELECT intDiv(toUnixTimestamp(ts) - {start:Int64}, {cell:UInt32}) AS cell, count() AS n FROM lg_requests
WHERE service = {service:String} AND operation = {operation:String} GROUP BY cell ORDER BY cell"""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, its share of the additional requests, how many times as many there are, and since when."""

    name: str
    share: float
    times: float
    low: datetime
    high: datetime


def one_operation(case: Case) -> Operation | None:
    """The operation that nearly all additional requests are for; None without one, or without more requests."""
    signals = case.earlier(GoldenSignals)
    asked = case.has(Signal.SPANS) or case.has(Signal.LOGS)
    if case.comparison is None or not asked or signals is None or signals.traffic is not Shape.UP:
        return None
    scale = case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)
    rows = case.query(_OPERATIONS, window=case.comparison.hull).dicts()
    more = sum(row["bad"] - row["good"] * scale for row in rows)
    grown = max(rows, key=lambda row: row["bad"] - row["good"] * scale, default=None)
    if grown is None or more < SENDER_FEWEST:
        return None
    usual = grown["good"] * scale
    others, before = (sum(row[side] for row in rows if row is not grown) for side in ("bad", "good"))
    share, times = min(1.0, (grown["bad"] - usual) / more), grown["bad"] / max(usual, 1.0)
    level = others <= OTHERS_GROWN * before * scale
    if not level or others < OTHERS_ASKED or share < OPERATION_SHARE or times < OPERATION_GROWN:
        return None
    return Operation(grown["operation"], share, times, *_since(case, grown["service"], grown["operation"]))


def _since(case: Case, service: str, operation: str) -> tuple[datetime, datetime]:
    """When its requests became more: the interval that holds it."""
    window, cell = case.window, ASKED_CELL
    start = int(window.start.timestamp())
    rows = case.query(
        _TIMES, start=start, cell=int(cell.total_seconds()), service=service, operation=operation
    )
    counts = np.zeros(int(window.length / cell) + 2)  # a begin within a second makes one more
    counts[rows.column("cell")] = rows.column("n")
    before = max(float(np.median(counts[: len(counts) // 2])), 0.5)
    found = split(counts, np.ones(len(counts)), before, share=False, rise=True)
    low, high = found.low, found.high
    while (
        low and (earlier := _earlier(counts[:low])) is not None
    ):  # it may rise for minutes, client by client
        low, high = earlier.low, earlier.high
    return window.start + low * cell, window.start + (high + 1) * cell


def _earlier(counts: np.ndarray) -> Split | None:
    """Where it had begun before already; None where it had not."""
    ones = np.ones(len(counts))
    found = deviation(counts, ones, share=False, rise=True, lasting=True)
    if found is None or found.log_chance > ASKED_CHANCE or not found.start:
        return None
    return split(counts, ones, found.outside, share=False, rise=True, noise=found.dispersion)


def asking_more(change: Change, asked: Operation | None) -> list[Reason]:
    """Whether requests for one operation became many times as many right after a change of ours."""
    if asked is None or change.kind not in OURS:
        return []
    soon = asked.low - ASKED_AFTER <= change.until and change.at <= asked.high
    return [Reason(ASKS_MORE, name=asked.name, times=asked.times)] if soon else []
