"""Called: which service calls which in a window, how often, how many calls fail and how long they take."""

from dataclasses import dataclass

from lastgood.algorithms.counts import wilson
from lastgood.model.judgement import Amount, Count
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

# fmt: off
CALLED_MOST = Count(60, "pairs of services on the map", "judgement: more cannot be read")
CALLED_SPANS = Count(300_000, "spans that are read for the map", "judgement: a page has a second")
CALLED_LEVEL = Amount(0.95, "level of the interval of the failing share of calls", "judgement: the usual one")
CALLED_FAILING = Amount(0.01, "of the calls fail at least, to draw them as failing", "judgement: one in a hundred is an incident of most services")
# fmt: on

_COUNT = "SELECT count() AS spans FROM lg_spans"
_CALLED = """
SELECT service AS caller, edge.1 AS callee, min(edge.4) AS outside, count() AS calls, countIf(edge.2) AS failed,
       quantile(0.95)(edge.3) AS p95_ns
FROM (SELECT service, arrayJoin(if(empty(children) AND kind IN ('Client', 'Producer') AND peer != '',
                 [(peer, failed, duration_ns, toUInt8(1))],
                 arrayMap(c -> (c.2, toUInt8(c.5 OR (failed AND length(children) = 1)), c.4, toUInt8(0)),
                          arrayFilter(c -> c.2 != service, children)))) AS edge
      FROM lg_hops WHERE trace_hash < intDiv(65536, {every:UInt64}))
GROUP BY caller, callee ORDER BY failed / calls > {failing:Float64} DESC, calls DESC, caller, callee LIMIT {most:UInt64}"""


@dataclass(frozen=True, slots=True)
class Called:
    """The calls of one service by another."""

    caller: str
    callee: str
    outside: bool  # the callee sends no spans of its own
    calls: int
    failed: int
    p95_ns: float

    @property
    def failing(self) -> bool:
        """Whether so many fail that it is no chance."""
        return wilson(self.failed, self.calls, CALLED_LEVEL)[0] > CALLED_FAILING


def called(reader: Reader, window: Window) -> tuple[tuple[Called, ...], int]:
    """Who calls whom, and one trace in how many was read.

    Raises:
        BudgetError: it would cost more than the reader may.
    """
    spans = int(reader.query(_COUNT, {}, window).dicts()[0]["spans"])
    every = -(-spans // CALLED_SPANS) or 1
    rows = reader.query(
        _CALLED, {"every": every, "failing": CALLED_FAILING, "most": CALLED_MOST + 1}, window
    ).dicts()
    return tuple(Called(**{**row, "outside": bool(row["outside"])}) for row in rows), every
