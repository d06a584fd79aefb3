"""Metrics of a suspect that had been rising before anyone was affected: when the rise began.

A leak, a disk, a queue fill up from the moment of their cause on; the onset of the symptom is when they are
full. The beginning is where a line or curve that is flat and then climbs fits the metric best (least squares).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from lastgood.algorithms.metric_meaning import Meaning, Role, meaning, stated_unit
from lastgood.inspections.what_changed.weights import (
    BEND_NEAR,
    RISE_BUCKETS,
    RISE_CLIMBED,
    RISE_CURVED,
    RISE_EARLIEST,
    RISE_FIT,
    RISE_VALUES,
)
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.feed import CHANGES_BEFORE
from lastgood.readings.resource_use import uses

SERIES = """
SELECT service, metric, any(unit) AS unit, intDiv(toUnixTimestamp64Milli(ts), {step:Int64}) AS bucket, avg(value) AS level
FROM lg_points WHERE service IN {services:Array(String)} AND isFinite(value)
GROUP BY service, metric, bucket ORDER BY service, metric, bucket LIMIT 50000"""
FILLING = frozenset({"memory", "disk", "database", "queue", "handles"})


@dataclass(frozen=True, slots=True)
class SlowRise:
    """A metric that rose from `low` .. `high` on until the onset."""

    service: str
    metric: str
    kind: str
    low: datetime
    high: datetime


def slow_rises(case: Case, services: Sequence[str], onset: datetime) -> list[SlowRise]:
    """The slow rises of what fills up (memory, disks, pools, queues), the earliest first."""
    if not case.has(Signal.METRICS) or not services:
        return []
    window = Window(case.window.start - CHANGES_BEFORE, case.window.end)
    held = case.holdings.of(Signal.METRICS)
    start = max(window.start, held.window.start) if held and held.window else window.start
    step = max(int((onset - start).total_seconds() * 1000 / RISE_BUCKETS), 1000)
    rows = case.query(SERIES, window=window, services=list(services), step=step).dicts()
    series: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
    for row in rows:
        if row["bucket"] * step <= onset.timestamp() * 1000:
            series[row["service"], row["metric"], row["unit"]].append((row["bucket"], row["level"]))
    found = [
        one
        for (service, metric, unit), points in series.items()
        if (one := _rise((service, metric), meaning(metric, _unit(metric, unit, points)), points, step))
        is not None
    ]
    found += _of_uses(case, services, window, onset)
    return sorted(
        (one for one in found if one.high <= onset - RISE_EARLIEST), key=lambda one: (one.low, one.metric)
    )


def grown(rises: Sequence[SlowRise], onset: datetime) -> str:
    """What had been growing since when, the earliest first named; empty where nothing had."""
    if not rises:
        return ""
    first = rises[0]
    middle = first.low + (first.high - first.low) / 2
    day = "" if middle.date() == onset.date() else f"{middle:%Y-%m-%d} "
    return f"{first.metric} of {first.service} had been rising since {day}{middle:%H:%M} UTC"


def _of_uses(case: Case, services: Sequence[str], window: Window, onset: datetime) -> Iterator[SlowRise]:
    """The slow rises of resources that several metrics tell together."""
    for use in uses(case, window):
        known = np.flatnonzero(np.isfinite(use.values))
        every = max(1, len(known) // RISE_BUCKETS)
        levels = ((use.grid.begin(int(place)), float(use.values[place])) for place in known[::every])
        points = [(time.timestamp(), level) for time, level in levels if time <= onset]
        # A machine may be suspected by its own name.
        for service in sorted({*use.services, use.instance} & set(services)):
            one = _rise((service, use.name), use.family.meaning, points, 1000)
            if one is not None:
                yield one


def _unit(metric: str, unit: str, points: Sequence[tuple[float, float]]) -> str:
    return stated_unit(metric, unit, max(level for _, level in points))


def _rise(
    place: tuple[str, str], meant: Meaning | None, points: Sequence[tuple[float, float]], step: int
) -> SlowRise | None:
    service, metric = place
    if (
        meant is None
        or meant.role is not Role.RESOURCE
        or meant.kind not in FILLING
        or len(points) < RISE_VALUES
    ):
        return None
    times, values = np.array([p[0] for p in points], float), np.array([p[1] for p in points], float)
    errors, climbs, bases = _bent(times, values)
    best = int(np.argmin(errors))
    whole = float(((values - values.mean()) ** 2).sum())
    climbed = climbs[best]
    large = climbed >= meant.floor and climbed >= RISE_CLIMBED * max(abs(bases[best]), meant.floor)
    if (
        whole <= 0
        or errors[best] > (1 - RISE_FIT) * whole
        or not large
        or len(times) - best < RISE_VALUES // 2
    ):
        return None
    # As likely as the best but for the noise: near it in error, and a bucket on either side.
    near = np.flatnonzero(errors <= BEND_NEAR * errors[best] + 1e-9 * whole)
    low, high = (
        _at(times[place] * step) for place in (max(near[0] - 1, 0), min(near[-1] + 1, len(times) - 1))
    )
    return SlowRise(service, metric, meant.kind, low, high)


_Values = np.ndarray[tuple[int], np.dtype[np.float64]]
_Bent = tuple[_Values, list[float], list[float]]


def _bent(times: _Values, values: _Values) -> _Bent:
    """For a bend at each time: the squared error, the climb after it, and the level before it.

    What fills up with the work climbs the faster the more there is to do: a line would bend where the day begins.
    """
    straight, curved = (_broken(times, values, powers) for powers in (1, 2))
    return curved if curved[0].min() <= RISE_CURVED * straight[0].min() else straight


def _broken(times: _Values, values: _Values, powers: int) -> _Bent:
    """The same for a climb by powers of the time since the bend, none of which falls."""
    errors, climbs, bases = np.full(len(times), np.inf), [], []
    length = float(times[-1] - times[0]) or 1.0
    for place, bend in enumerate(times):
        ramp = np.maximum(times - bend, 0.0) / length
        terms = np.stack([np.ones_like(ramp), *(ramp**power for power in range(1, powers + 1))], axis=1)
        found, _, rank, _ = np.linalg.lstsq(terms, values, rcond=None)
        fitted = terms @ found
        if rank > powers and (found[1:] >= 0).all() and found[1:].any():
            errors[place] = ((values - fitted) ** 2).sum()
        climbs.append(float(fitted[-1] - found[0]))
        bases.append(float(found[0]))
    return errors, climbs, bases


def _at(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
