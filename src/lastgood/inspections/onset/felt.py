"""When users' requests begin to fail, where what is seen first are log lines.

Lines are written for other reasons too. What changed between the first of them and the first failures may be the cause,
so both are held to be the onset.
"""

from datetime import datetime, timedelta

import numpy as np

from lastgood.algorithms.change_point import split
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.episodes import begun_by
from lastgood.inspections.onset.weights import FELT_CELLS, FELT_EVENTS, FELT_TIMES, FIRST_ELSEWHERE
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.series import Trust

_FAILED = "SELECT ts FROM lg_requests WHERE failed ORDER BY ts LIMIT 1000000"


def latest_begin(
    case: Case, first: Candidate, symptom: Candidate, when: tuple[datetime, datetime]
) -> datetime:
    """The latest time at which it may have begun, where lines come first: of another service, or before any request fails."""
    low, high = when
    if first.series.trust is not Trust.LINES:
        return high
    if first.series.service != symptom.series.service:
        high = max(high, min(begun_by(symptom), low + FIRST_ELSEWHERE))
    return felt_by(case, first, low, high)


def felt_by(case: Case, first: Candidate, low: datetime, high: datetime) -> datetime:
    """When requests begin to fail, where that is later than `high`."""
    whole = first.series.grid.window
    seconds = (
        np.asarray(case.query(_FAILED, window=whole).column("ts")).astype("datetime64[ns]").astype(np.int64)
        / 1e9
    )
    seconds = seconds - whole.start.timestamp()
    start = (low - whole.start).total_seconds()
    until = min(whole.end, low + 2 * FIRST_ELSEWHERE)
    before = int((seconds < start).sum())
    usual = max(before, 0.5) / max(start, 1.0)
    around = Window(low, until)
    inside = seconds[(seconds >= start) & (seconds < start + around.seconds)] - start
    if len(inside) < FELT_EVENTS or len(inside) < FELT_TIMES * usual * around.seconds:
        return high
    cell = around.seconds / FELT_CELLS
    cells = np.histogram(inside, bins=FELT_CELLS, range=(0.0, around.seconds))[0].astype(float)
    found = split(cells, np.full(FELT_CELLS, cell), usual, share=False, rise=True, noise=1.0)
    began = low + timedelta(seconds=(found.at + 1) * cell)
    return max(high, began) if began <= low + FIRST_ELSEWHERE else high
