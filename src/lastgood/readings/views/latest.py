"""Latest: whether the newest data are like those before, by the counts and the slow tail of each service.

A cheap look: it reads minutes, where an answer reads hours.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lastgood.algorithms.counts import rate_ratio, share_difference
from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison
from lastgood.telemetry.reader import Reader

# fmt: off
SAME_LEVEL = Amount(0.99, "of the intervals, which hold no difference", "judgement: of many services one may differ by chance")
SAME_TAIL = Amount(1.5, "times the 95th percentile, either way, at most", "judgement: that of a minute varies so much by itself")
SAME_TRAFFIC = Amount(1.5, "times the events a second, either way, at most", "judgement: a loss of a third of the traffic is news")
ENOUGH_FOR_TAIL = 100  # durations in each window
# fmt: on

_SPANS = """
SELECT service, kind AS what, phase = 'bad' AS new, count() AS n, countIf(failed) AS failures,
       quantileTDigestIf(0.95)(duration_ns, duration_ns > 0) / 1e6 AS p95
FROM lg_spans WHERE phase != '' GROUP BY service, what, new"""
_LINES = """
SELECT service, 'line' AS what, phase = 'bad' AS new, count() AS n, countIf(severity >= 17) AS failures, nan AS p95
FROM lg_lines WHERE phase != '' GROUP BY service, new"""


def differs(reader: Reader, signals: frozenset[Signal], windows: Comparison) -> bool:
    """Whether anything in the bad window, the newest, is not as in the good one, just before: a service, its failures, its slow tail."""
    rows = [
        row
        for signal, sql in ((Signal.SPANS, _SPANS), (Signal.LOGS, _LINES))
        if signal in signals
        for row in reader.query(sql, {}, windows.hull, comparison=windows).dicts()
    ]
    return any(_differences(rows, windows))


def _differences(rows: Sequence[Mapping[str, Any]], windows: Comparison) -> Iterator[bool]:
    new, old = (
        {(row["service"], row["what"]): row for row in rows if bool(row["new"]) is side}
        for side in (True, False)
    )
    seconds = windows.bad.seconds, windows.good.seconds
    yield not new
    yield bool(new.keys() - old.keys())
    for key, before in old.items():
        yield _differ(new.get(key, {"n": 0, "failures": 0, "p95": float("nan")}), before, seconds)


def _differ(new: Mapping[str, Any], old: Mapping[str, Any], seconds: tuple[float, float]) -> bool:
    low, high = share_difference((new["failures"], new["n"]), (old["failures"], old["n"]), SAME_LEVEL)
    if new["n"] and not low <= 0 <= high:
        return True
    fewer, more = rate_ratio((new["n"], seconds[0]), (old["n"], seconds[1]), SAME_LEVEL)
    if more < 1 / SAME_TRAFFIC or fewer > SAME_TRAFFIC:
        return True
    if min(new["n"], old["n"]) < ENOUGH_FOR_TAIL or not old["p95"] > 0:
        return False
    return not 1 / SAME_TAIL <= new["p95"] / old["p95"] <= SAME_TAIL
