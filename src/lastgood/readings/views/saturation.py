"""Saturation over time: the one resource whose use rose most, or is nearest to its limit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from lastgood.algorithms.metric_meaning import Meaning, Role, meaning, stated_unit
from lastgood.model.evidence import Provenance, Series
from lastgood.model.judgement import Amount, Count
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.pulse import PULSE_BUCKETS
from lastgood.telemetry.reader import Reader, Rows

# fmt: off
FULL_METRICS = Count(5_000, "metrics whose names are read", "judgement: bounds the work")
FULL_SERIES = Count(2_000, "series of resources that are compared", "judgement: bounds the work")
FULL_FEWEST = Count(5, "buckets with a value, on each side, to draw a resource", "judgement: a median of fewer says nothing")
FULL_GAP = Amount(3.0, "times the usual time between two values is a gap", "judgement: one or two values may be lost")
# fmt: on

# Counters are left out: what they show is a rate of their growth.
_KNOWN = """
SELECT metric, any(unit) AS unit, maxIf(value, isFinite(value)) AS top FROM lg_points WHERE NOT monotonic GROUP BY metric ORDER BY metric LIMIT {most:UInt32}"""
_BUCKETS = """
SELECT service, metric, instance, toString(attributes) AS labels,
       intDiv(toUnixTimestamp64Nano(ts) - {from_ns:Int64}, {step_ns:Int64}) AS bucket, avg(value) AS level
FROM lg_points WHERE metric IN {metrics:Array(String)} AND NOT monotonic AND isFinite(value)
GROUP BY service, metric, instance, labels, bucket"""
_COMPARED = f"""
SELECT service, metric, instance, labels, arraySort(groupArray((bucket, level))).1 AS buckets,
       arraySort(groupArray((bucket, level))).2 AS levels
FROM ({_BUCKETS}) GROUP BY service, metric, instance, labels
ORDER BY service, metric, instance, labels LIMIT {{most:UInt32}}"""
_ONE = f"""
SELECT {{what:String}} AS what, {{unit:String}} AS unit, bucket, level / {{limit:Float64}} AS level
FROM ({_BUCKETS}) WHERE service = {{service:String}} AND instance = {{instance:String}} AND labels = {{labels:String}}
ORDER BY bucket"""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A resource at one place: how far it rose, in floors of its kind, and which share of its limit is used."""

    row: Mapping[str, Any]
    meant: Meaning
    rise: float
    share: float


def fullest(reader: Reader, window: Window, comparison: Comparison | None, *, risen: bool) -> Rows | None:
    """A row for each bucket of the resource that rose most; None where no gauge tells of one.

    `risen`: saturation is known to be up, so a resource that did not rise would not be it.

    Raises:
        BudgetError: it would cost more than the reader may.
    """
    known = {
        row["metric"]: stated_unit(row["metric"], row["unit"], row["top"])
        for row in reader.query(_KNOWN, {"most": FULL_METRICS}, window).dicts()
    }
    meant = {
        name: found
        for name, unit in known.items()
        if (found := meaning(name, unit)) and found.role is Role.RESOURCE
    }
    if not meant:
        return None
    step_ns = max(1, round(window.seconds / PULSE_BUCKETS)) * 1_000_000_000
    asked = {"step_ns": step_ns, "metrics": list(meant), "most": FULL_SERIES}
    rows = reader.query(_COMPARED, asked, window).dicts()
    best = max(
        _candidates(rows, meant, window, comparison, step_ns),
        key=lambda one: (one.rise, one.share),
        default=None,
    )
    if best is None or (risen and best.rise < 1):
        return None
    row, limit = best.row, best.meant.limit
    chosen = {name: row[name] for name in ("service", "instance", "labels")} | {
        "what": f"{row['service']} {row['metric']}".strip(), "unit": "share" if limit else known[row["metric"]],
        "limit": limit or 1.0, "step_ns": step_ns, "metrics": [row["metric"]],
    }  # fmt: skip
    return reader.query(_ONE, chosen, window)


def _candidates(
    rows: Sequence[Mapping[str, Any]],
    meant: Mapping[str, Meaning],
    window: Window,
    comparison: Comparison | None,
    step_ns: int,
) -> Iterator[_Candidate]:
    for row in rows:
        one = meant[row["metric"]]
        sides = _sides(row, window, comparison, step_ns)
        if min(map(len, sides)) >= FULL_FEWEST:
            before, now = map(median, sides)
            yield _Candidate(
                row,
                one,
                (now - before) / one.floor if comparison else 0.0,
                now / one.limit if one.limit else 0.0,
            )


def _sides(
    row: Mapping[str, Any], window: Window, comparison: Comparison | None, step_ns: int
) -> tuple[list[float], list[float]]:
    """Values of the good and of the bad window; all of them on both sides where there is no comparison."""
    if comparison is None:
        return row["levels"], row["levels"]
    found: tuple[list[float], list[float]] = ([], [])
    for bucket, level in zip(row["buckets"], row["levels"], strict=True):
        at = window.start + timedelta(microseconds=bucket * step_ns // 1_000)
        for side, values in zip((comparison.good, comparison.bad), found, strict=True):
            if side.start <= at < side.end:
                values.append(level)
    return found


def used_over_time(rows: Sequence[Mapping[str, Any]], window: Window, asked: Provenance) -> Series | None:
    """The series of such rows: shares of a limit, or values in the metric's unit; None where there are none.

    A gauge may be read less often than a bucket is long: only a longer time without a value is a gap.
    """
    step_ns = asked.parameters["step_ns"]
    if not rows or not isinstance(step_ns, int):
        return None
    known = sorted((row["bucket"], float(row["level"])) for row in rows)
    usual = median([after - at for (at, _), (after, _) in pairwise(known)] or [1])
    points = list[tuple[int, float | None]]()
    for (before, _), (bucket, level) in pairwise([known[0], *known]):
        if bucket - before > FULL_GAP * usual:
            points.append((before + 1, None))
        points.append((bucket, level))
    times = tuple(window.start + timedelta(microseconds=bucket * step_ns // 1_000) for bucket, _ in points)
    values = tuple(level for _, level in points)
    return Series(f"saturation: {rows[0]['what']}", str(rows[0]["unit"]), times, values, asked)
