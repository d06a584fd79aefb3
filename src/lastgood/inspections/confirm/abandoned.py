"""Requests that clients cancel sooner than answers usually take: they drop what they no longer need, and no one waits in vain.

A search box that asks at each key cancels what it asked before. Who gives up waits longer than usual first.
"""

from dataclasses import replace
from math import isnan

from lastgood.inspections.confirm.weights import ABANDONED_FEWEST, ABANDONED_HOLDS
from lastgood.model.figures import count, duration, percent
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.readings.case import Case

CANCELLED = 499  # nginx's status of a request whose client closed the connection
_READ = f"""
SELECT countIf(phase = 'bad' AND failed) AS failures, countIf(phase = 'bad' AND http_status = {CANCELLED}) AS cancelled,
       quantileIf(0.5)(duration_ns, phase = 'bad' AND http_status = {CANCELLED} AND duration_ns > 0) AS waited,
       quantileIf(0.5)(duration_ns, phase = 'good' AND NOT failed AND duration_ns > 0) AS usual
FROM lg_requests"""


def doubtful_if_abandoned(case: Case, said: Finding) -> Finding:
    """The same; unknown where nearly all failures are requests that clients cancelled sooner than answers usually take."""
    if said.verdict is not Verdict.YES or case.comparison is None:
        return said
    (row,) = case.query(_READ, window=case.comparison.hull).dicts()
    few = row["cancelled"] < max(ABANDONED_FEWEST, ABANDONED_HOLDS * row["failures"])
    if few or isnan(row["waited"]) or isnan(row["usual"]) or row["waited"] > row["usual"]:
        return said
    because = (
        f"{percent(row['cancelled'] / row['failures'])} of {count(row['failures'])} failures are requests that clients cancelled, half of them "
        f"within {duration(row['waited'] / 1e9)}; answers usually take {duration(row['usual'] / 1e9)}, so clients may drop what they no longer need"
    )
    return replace(
        said, verdict=Verdict.UNKNOWN, because=because, confidence=None, answer=None,
        limits=(said.because, Check("check in the code of the client whether it cancels requests"), *said.limits),
    )  # fmt: skip
