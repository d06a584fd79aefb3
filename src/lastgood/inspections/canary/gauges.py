"""What a canary uses: gauges and counters of both sides by instance, in steps of time, and where the canary is above the baseline."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from lastgood.algorithms.always_valid import Floats
from lastgood.algorithms.canary import Gauge
from lastgood.algorithms.metric_meaning import Role, meaning, words
from lastgood.inspections.canary.counted import Sides
from lastgood.model.attributes import VERSIONS
from lastgood.model.canary import CanaryAsked
from lastgood.model.evidence import Evidence, Table
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.telemetry.derived import first_of

# fmt: off
MOST_GAUGES = Count(8, "metrics of CPU and memory that are compared unasked", "judgement: each costs sensitivity of the others")
GAUGE_MARGIN = Amount(0.25, "of the baseline's mean that a canary may use more", "judgement: instances that are alike differ by as much")
GAUGE_PEERS = Amount(0.9, "of the baseline's instances that a canary has to be above too", "judgement: one of them may be out of order itself")
GAUGE_STEP = Count(15, "s of a step at least", "judgement: shorter ones repeat the one before")
WARMING = Count(120, "s of a canary that are not compared", "judgement: a new process compiles, connects and fills its caches")
# fmt: on
_LARGEST = 1e200  # whose mean and sum are numbers
_COMPARED = frozenset({"cpu", "memory"})
_POINTS = f"(SELECT *, {first_of(('resource', 'attributes'), VERSIONS)} AS version FROM lg_points)"
_SIDE = (
    "if({side} != '', {side}, transform(instance, {{instances:Array(String)}}, {{whose:Array(String)}}, ''))"
)
INSTANCE_SIDES = """
SELECT instance, any(whose) AS side FROM (SELECT instance, {side} AS whose FROM ({requests}))
WHERE instance != '' AND whose != '' GROUP BY instance HAVING uniqExact(whose) = 1 ORDER BY instance LIMIT 2000"""
KNOWN_GAUGES = f"""
SELECT metric, any(unit) AS unit, count() AS n, uniqExact(instance, attributes, resource) AS series,
       toUnixTimestamp(max(ts)) - toUnixTimestamp(min(ts)) AS seconds
FROM (SELECT *, {_SIDE} AS side FROM {_POINTS}) WHERE side != '' AND isFinite(value) GROUP BY metric ORDER BY metric LIMIT 5000"""
GAUGE_LEVELS = f"""
SELECT side, instance, bucket, max(counted) AS counter, sum(each) AS level FROM (
    SELECT side, instance, attributes, resource, bucket, max(monotonic AND cumulative) AS counted, if(counted, max(value), avg(value)) AS each
    FROM (SELECT *, {_SIDE} AS side, intDiv(toUnixTimestamp(ts) - {{{{start:UInt64}}}}, {{{{step:UInt64}}}}) AS bucket FROM {_POINTS})
    WHERE metric = {{{{metric:String}}}} AND side != '' AND isFinite(value) AND toUnixTimestamp(ts) >= {{{{start:UInt64}}}}
    GROUP BY side, instance, attributes, resource, bucket)
GROUP BY side, instance, bucket ORDER BY side, instance, bucket"""
GAUGE_REQUESTS = """
SELECT {side} AS whose, intDiv(toUnixTimestamp(ts) - {{start:UInt64}}, {{step:UInt64}}) AS bucket, count() AS n FROM ({requests})
WHERE whose != '' AND toUnixTimestamp(ts) >= {{start:UInt64}} GROUP BY whose, bucket ORDER BY whose, bucket"""


@dataclass(frozen=True, slots=True)
class _Metric:
    """A metric that both sides may have."""

    name: str
    unit: str
    step: int  # s
    asked: bool
    kind: str = ""
    floor: float = 0.0  # a difference of less than that is none


def gauges(
    case: Case, sides: Sides, asked: CanaryAsked, start: int
) -> tuple[list[Gauge], tuple[Evidence, ...]]:
    """CPU and memory of both sides from a time on (seconds), and the metrics that were asked for, with or without values."""
    if not case.has(Signal.METRICS):
        return [_nothing(name) for name in asked.gauges], ()
    rows = sides.ask(case, INSTANCE_SIDES).dicts()
    bound = {"instances": [row["instance"] for row in rows], "whose": [row["side"] for row in rows]}
    known = sides.ask(case, KNOWN_GAUGES, **bound)
    metrics = _chosen(known.dicts(), asked.gauges)
    begin = start + int(WARMING)
    found = [one for metric in metrics if (one := _compared(case, sides, metric, begin, bound)) is not None]
    missing = [name for name in asked.gauges if not any(_same(name, one.name) for one in found)]
    shown = tuple((one.name, one.canary, one.baseline, sum(one.above), len(one.above)) for one in found)
    table = Table(
        "resources", ("metric", "canary", "baseline", "steps above", "steps"), shown, known.provenance
    )
    return [*found, *map(_nothing, missing)], (table,) if found else ()


def _nothing(name: str) -> Gauge:
    return Gauge(name, "", (), (), 0.0, 0.0, asked=True)


def _same(one: str, other: str) -> bool:
    """Whether two spellings are of one metric: `process.memory.usage`, `process_memory_usage`."""
    return words(one) == words(other)


def _chosen(rows: Sequence[Mapping[str, Any]], asked: Sequence[str]) -> list[_Metric]:
    """The metrics asked for; else those of CPU and memory."""
    found = []
    for row in rows:
        meant = meaning(row["metric"], row["unit"])
        usual = meant is not None and meant.role is Role.RESOURCE and meant.kind in _COMPARED
        named = any(_same(row["metric"], name) for name in asked)
        if not (named or usual):
            continue
        every = row["seconds"] * row["series"] / max(row["n"] - row["series"], 1)
        kind, floor = (meant.kind, meant.floor) if meant and usual else ("", 0.0)
        found.append(
            _Metric(
                row["metric"],
                row["unit"],
                max(int(GAUGE_STEP), ceil(every)),
                named,
                kind,
                0.0 if named else floor,
            )
        )
    unasked = [one for one in found if not one.asked][: int(MOST_GAUGES)]
    return [one for one in found if one.asked] + unasked


def _compared(
    case: Case, sides: Sides, metric: _Metric, start: int, bound: Mapping[str, Sequence[str]]
) -> Gauge | None:
    """In which steps the canary used more; None where a side has no values."""
    place = {"start": start, "step": metric.step}
    rows = sides.ask(case, GAUGE_LEVELS, metric=metric.name, **place, **bound).dicts()
    levels = {side: _levels(rows, side, metric.step) for side in ("canary", "baseline")}
    if not all(levels.values()):
        return None
    requests = _requests(sides.ask(case, GAUGE_REQUESTS, **place).dicts()) if metric.kind == "cpu" else {}
    above, ends, means = [], [], []
    for bucket in sorted(levels["canary"].keys() & levels["baseline"].keys()):
        canary, baseline = (np.array(levels[side][bucket]) for side in ("canary", "baseline"))
        more = exceeds(canary, baseline, metric.floor)
        served = requests.get(("canary", bucket), 0), requests.get(("baseline", bucket), 0)
        if more and all(served):  # a busier instance is not a worse one
            more = canary.sum() / served[0] > baseline.sum() / served[1] * (1 + GAUGE_MARGIN)
        above.append(bool(more))
        ends.append(float((bucket + 1) * metric.step + WARMING))
        means.append((canary.mean(), baseline.mean()))
    if not means:
        return None
    canary_mean, baseline_mean = np.mean(means, axis=0).tolist()
    return Gauge(
        metric.name, metric.unit, tuple(above), tuple(ends), canary_mean, baseline_mean, asked=metric.asked
    )


def exceeds(canary: Floats, baseline: Floats, floor: float) -> bool:
    """Whether the canary's mean is above the baseline's by the margin, and above most of its instances."""
    peers = np.quantile(baseline, GAUGE_PEERS, method="higher")
    mean = float(baseline.mean())
    return bool(canary.mean() > max(mean + max(abs(mean) * GAUGE_MARGIN, floor), peers))


def _levels(rows: Sequence[Mapping[str, Any]], side: str, step: int) -> dict[int, list[float]]:
    """The values of each instance of a side, by step; a counter as its rate a second."""
    series: dict[str, list[tuple[int, float]]] = defaultdict(list)
    counters = {row["instance"] for row in rows if row["counter"]}
    for row in rows:
        if row["side"] == side:
            series[row["instance"]].append((int(row["bucket"]), float(row["level"])))
    found: dict[int, list[float]] = defaultdict(list)
    for instance, values in series.items():
        for bucket, level in _rates(values, step) if instance in counters else values:
            if abs(level) < _LARGEST:
                found[bucket].append(level)
    return found


def _rates(values: Sequence[tuple[int, float]], step: int) -> list[tuple[int, float]]:
    """How much a counter grew a second; one that fell was started anew, and shows what was counted since."""
    return [
        (after, (new - old if new >= old else new) / ((after - before) * step))
        for (before, old), (after, new) in pairwise(values)
    ]


def _requests(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], int]:
    return {(row["whose"], int(row["bucket"])): int(row["n"]) for row in rows}
