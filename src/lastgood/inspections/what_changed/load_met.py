"""The load since a change: what lowers a limit or costs more for each request is met when the load first asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lastgood.inspections.what_changed.weights import LOAD_MORE, LOAD_NOW, LOAD_SINCE, LOAD_STEP
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case

ARRIVED = """
SELECT min(ts) AS at, count() AS requests FROM lg_requests
GROUP BY intDiv(toUnixTimestamp64Milli(ts), {step:Int64}) ORDER BY at LIMIT 20000"""


@dataclass(frozen=True, slots=True)
class Load:
    """How many requests arrived in each step of time before the onset."""

    steps: Sequence[tuple[datetime, int]] = ()

    def first_met(self, since: datetime) -> bool:
        """Whether more arrive just before the onset than at any time before that since then."""
        counts = [requests for at, requests in self.steps if at >= since]
        earlier, last = counts[:-LOAD_NOW], counts[-LOAD_NOW:]
        return len(earlier) >= LOAD_SINCE and max(last) >= LOAD_MORE * max(earlier)


def read_load(case: Case, low: datetime) -> Load:
    """The load until the onset; nothing without requests."""
    if not (case.has(Signal.SPANS) or case.has(Signal.LOGS)) or low <= case.window.start:
        return Load()
    rows = case.query(
        ARRIVED, window=Window(case.window.start, low), step=int(LOAD_STEP.total_seconds() * 1000)
    )
    return Load(tuple((row["at"], row["requests"]) for row in rows.dicts()))
