"""What was served between a change and the onset: an effect that shows at once would have shown on that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lastgood.inspections.what_changed.exposure import spared
from lastgood.inspections.what_changed.weights import (
    SERVED_SINCE,
    SERVED_SINCE_MANY,
    SERVED_SINCE_SOONEST,
    SERVED_SINCE_SURE,
    SINCE_STEP,
)
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

SHOWS_AT_ONCE = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.FLAG, ChangeKind.MIGRATION})
FARED = """
SELECT operation, min(ts) AS at, count() AS n, countIf(failed) AS failures,
       any(phase) AS phase
FROM lg_requests WHERE (service, operation) GLOBAL IN (
    SELECT service, operation FROM lg_requests WHERE ts >= fromUnixTimestamp64Nano({bad_from:Int64}, 'UTC') AND phase = 'bad' AND failed
    GROUP BY service, operation ORDER BY count() DESC, service, operation LIMIT 20)
GROUP BY operation, intDiv(toUnixTimestamp64Milli(ts), {step:Int64}) ORDER BY at, operation LIMIT 200000"""


@dataclass(frozen=True, slots=True)
class Since:
    """How the requests of one operation fared that fails in the bad window, for a short time."""

    operation: str
    at: datetime
    requests: int
    failures: int
    bad: bool  # of the bad window


def read_since(case: Case) -> list[Since]:
    """The operations that fail, over both windows; nothing without requests."""
    if case.comparison is None or not (case.has(Signal.SPANS) or case.has(Signal.LOGS)):
        return []
    rows = case.query(FARED, window=case.comparison.hull, step=int(SINCE_STEP.total_seconds() * 1000)).dicts()
    return [
        Since(row["operation"], row["at"], row["n"], row["failures"], row["phase"] == "bad") for row in rows
    ]


def served_since(change: Change, fared: Sequence[Since], low: datetime) -> list[Reason]:
    """That requests were served between a change and the onset of which many would have failed, had it done it at once."""
    soon = low - change.until < SERVED_SINCE_SOONEST
    if change.kind not in SHOWS_AT_ONCE or soon or not fared or change.until < fared[0].at:
        return []
    bad: dict[str, tuple[int, int]] = {}
    for one in fared:
        if one.bad:
            failures, requests = bad.get(one.operation, (0, 0))
            bad[one.operation] = failures + one.failures, requests + one.requests
    between = [one for one in fared if change.until <= one.at and one.at + SINCE_STEP <= low]
    shares = {operation: failures / requests for operation, (failures, requests) in bad.items()}
    expected = sum(shares.get(one.operation, 0.0) * one.requests for one in between)
    failures = sum(one.failures for one in between)
    if not spared(failures, expected):
        return []
    served = sum(one.requests for one in between)
    if expected >= SERVED_SINCE_SURE:
        return [Reason(SERVED_SINCE_MANY, requests=served, time=low - change.until, expected=expected)]
    return [Reason(SERVED_SINCE, requests=served, time=low - change.until)]
