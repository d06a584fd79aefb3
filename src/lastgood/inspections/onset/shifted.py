"""Metrics that leave their level: which, near what logs and spans show, and whether it matters."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import exp, log

import numpy as np

from lastgood.algorithms.change_point import Deviation, Floats
from lastgood.algorithms.level_shift import SHORTEST_LEVEL, level_shift
from lastgood.algorithms.metric_meaning import Role, words
from lastgood.inspections.onset.deviations import Candidate, apart
from lastgood.inspections.onset.weights import (
    ALARM_CHANCE,
    AROUND_LEAST,
    BACKED_CHANCE,
    BACKED_WITHIN,
    EVENTS_MORE,
    FLOOR_PART,
    GROWTH_EXPLAINED,
    LATENCY_SPREAD,
    LEVEL_SPREAD,
    LEVEL_TIMES,
    METRIC_FAMILIES,
    NARROW_FOCUS,
    REQUESTS_LOST,
    RESOURCE_FULL,
    ROOT_SPREAD,
    TRAFFIC_LEFT,
)
from lastgood.model.clock import from_nanoseconds
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.grid import grid_of
from lastgood.readings.levels import Level, inner_services
from lastgood.readings.measured import COUNTING
from lastgood.readings.series import SymptomSeries, Trust


def shifted(
    case: Case, metrics: list[Level], focus: tuple[Window, ...], volumes: Mapping[str, SymptomSeries]
) -> list[Candidate]:
    """Metrics that leave their level, near the more direct signals where those cover but a part.

    What users feel is tried by itself, and all other metrics together. `volumes` is how much each service has
    to do, where metrics do not count it: a resource that is used more by as much as there is more to do, and is not
    used up, is none.
    """
    inner = inner_services(case)
    volumes = {**_counted_work(metrics), **volumes}
    user_visible = [
        one for one in metrics if one.series.trust is Trust.METRICS and one.series.service not in inner
    ]
    rest = [one for one in metrics if one.series.trust is not Trust.METRICS or one.series.service in inner]
    candidates = [
        one
        for one, level in (*_convincing(user_visible, focus), *_convincing(rest, focus))
        if not _busier(one, level, volumes.get(level.series.service))
        and not _handed_over(one, level, metrics)
    ]
    return [one for one in candidates if one.series.service not in inner or _backed(one, candidates)]


def _handed_over(one: Candidate, level: Level, metrics: list[Level]) -> bool:
    """Whether other instances of the service have the traffic that one has lost: it was replaced, or is spared."""
    if level.meant.role is not Role.TRAFFIC:
        return False
    mine = [
        other.series.observed
        for other in metrics
        if (other.metric, other.series.service) == (level.metric, level.series.service)
    ]
    inside = np.zeros(one.series.grid.buckets, bool)
    inside[one.deviation.start : one.deviation.stop] = True
    known = np.isfinite(mine).any(axis=0)
    total = np.nansum(mine, axis=0)
    if len(mine) == 1 or not (known & inside).any() or not (known & ~inside).any():
        return False
    return bool(total[known & inside].mean() > TRAFFIC_LEFT * total[known & ~inside].mean())


def _counted_work(metrics: list[Level]) -> dict[str, SymptomSeries]:
    """How much each service has to do by its own metric of traffic: all of its series, of the metric with most."""
    found: dict[tuple[str, str], list[SymptomSeries]] = {}
    for one in metrics:
        if one.meant.role is Role.TRAFFIC:
            found.setdefault((one.series.service, one.metric), []).append(one.series)
    volumes: dict[str, SymptomSeries] = {}
    for (service, _), series in found.items():
        reported = np.stack([one.observed for one in series])
        known = np.where(np.isfinite(reported).any(axis=0), 1.0, 0.0)
        total = np.nansum(reported, axis=0)
        if service not in volumes or total.sum() > volumes[service].observed.sum():
            volumes[service] = replace(series[0], observed=total, exposure=known)
    return volumes


def _busier(one: Candidate, level: Level, volume: SymptomSeries | None) -> bool:
    """Whether a resource is used more, or more requests fail, because there is more to do."""
    limit = level.meant.limit
    full = limit is not None and one.deviation.inside >= RESOURCE_FULL * limit
    if (
        not (one.series.trust is Trust.RESOURCES or _counts_failures(level))
        or volume is None
        or full
        or one.deviation.outside <= 0
    ):
        return False
    grid, times = volume.grid, one.series.grid
    start, stop = times.begin(one.deviation.start), times.end(one.deviation.stop - 1)
    inside = np.array([start <= grid.begin(place) < stop for place in range(grid.buckets)])
    now, usual = (
        float(volume.observed[part].sum()) / max(float(volume.exposure[part].sum()), 1e-9)
        for part in (inside, ~inside)
    )
    return now * one.deviation.outside >= GROWTH_EXPLAINED * usual * one.deviation.inside


def _counts_failures(one: Level) -> bool:
    """Whether its values are failures a second, not a share of what is done."""
    return one.meant.role is Role.FAILURES and words(one.metric)[-1:] in COUNTING


def _convincing(metrics: list[Level], focus: tuple[Window, ...]) -> Iterator[tuple[Candidate, Level]]:
    tries = log(METRIC_FAMILIES * max(1, len(metrics)))
    for one in metrics:
        for found in _scanned(one):
            candidate = Candidate(one.series, found, found.log_chance + tries)
            near = not focus or any(window.holds(from_nanoseconds(candidate.start)) for window in focus)
            if (
                candidate.log_chance <= ALARM_CHANCE
                and _has_before(one, found)
                and near
                and _clear(one, found)
            ):
                yield candidate, one


def _has_before(one: Level, found: Deviation) -> bool:
    """Whether there are values before it: of traffic enough for a level, else what came after it is the change, a rise."""
    before = int(np.isfinite(one.series.observed[: found.start]).sum())
    return before >= (SHORTEST_LEVEL if one.meant.role is Role.TRAFFIC else 1)


def _scanned(one: Level) -> Iterator[Deviation]:
    """What departs most; its last part, if it was over in between; and what goes on at the end, without these."""
    values = one.series.observed.copy()
    while (found := _seen(one, values, lasting=False)) is not None and found.log_chance <= ALARM_CHANCE:
        yield found
        again = _again(values, found)
        values[found.start : found.stop if again is None else again] = np.nan
        if again is None:
            break
    if found is None or found.stop < len(values):
        lasting = _seen(one, values, lasting=True)
        if lasting is not None:
            yield lasting


def _seen(one: Level, values: Floats, *, lasting: bool) -> Deviation | None:
    """The level shift of a metric in some of its values; the others are not known."""
    return _left(replace(one, series=replace(one.series, observed=values)), lasting=lasting)


def _again(values: Floats, found: Deviation) -> int | None:
    """Where a deviation begins once more after as many usual values as make a level; None when it does not."""
    known = np.flatnonzero(np.isfinite(values))
    known = known[(known >= found.start) & (known < found.stop)]
    out = np.abs(values[known] - found.inside) < np.abs(values[known] - found.outside)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], out, [True])).astype(np.int8)))
    usual = [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= SHORTEST_LEVEL]
    return int(known[usual[-1][1]]) if usual and usual[-1][1] < len(known) else None


def _backed(one: Candidate, candidates: list[Candidate]) -> bool:
    """Whether a resource, or another service about then, says so too: one inner service alone wavers by itself."""
    if one.series.trust is Trust.RESOURCES or one.log_chance <= BACKED_CHANCE:
        return True
    near = BACKED_WITHIN * apart(one.series) * 1_000_000_000
    return any(
        abs(other.start - one.start) <= near
        for other in candidates
        if other.series.service != one.series.service or other.series.trust is Trust.RESOURCES
    )


def _left(one: Level, *, lasting: bool) -> Deviation | None:
    """The level shift of a metric, on the scale on which it varies evenly.

    Latency varies by factors, so its logarithm is judged; requests are counts, whose square root
    varies by a half whatever their number (Anscombe 1948).
    """
    values = one.series.observed
    least = one.meant.floor * FLOOR_PART
    if one.meant.role is Role.LATENCY:
        found = level_shift(
            np.log(np.maximum(values, 0.0) + least), floor=LATENCY_SPREAD, rise=True, lasting=lasting
        )
        return found and replace(found, inside=exp(found.inside) - least, outside=exp(found.outside) - least)
    if one.meant.role is Role.TRAFFIC:
        each = apart(one.series) * one.meant.scale  # requests between two samples, per unit of the metric
        found = level_shift(
            np.sqrt(np.maximum(values, 0.0) * each), floor=ROOT_SPREAD, rise=False, lasting=lasting
        )
        return found and replace(found, inside=found.inside**2 / each, outside=found.outside**2 / each)
    middle = float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
    floor = max(least, abs(middle) * LEVEL_SPREAD, 1e-9)
    return level_shift(values, floor=floor, rise=one.series.rise, lasting=lasting)


def _clear(one: Level, found: Deviation) -> bool:
    meant = one.meant
    high, low = max(found.inside, found.outside), min(found.inside, found.outside)
    seconds = (one.series.grid.end(found.stop - 1) - one.series.grid.begin(found.start)).total_seconds()
    if _counts_failures(one) and (high - low) * one.meant.scale * seconds < EVENTS_MORE:
        return False
    if one.meant.role is Role.TRAFFIC:
        return low <= TRAFFIC_LEFT * high and (high - low) * one.meant.scale * seconds >= REQUESTS_LOST
    return high - low >= meant.floor and (
        low <= 0 or high >= min(meant.ratio, LEVEL_TIMES) * low or meant.role is Role.SUCCESS
    )


def focus_of(case: Case, *, narrow: bool) -> tuple[Window, ...]:
    """What logs and spans cover, with as much again on both sides: they were captured around the incident.

    `narrow`: they show something themselves, so that half as much is enough. Nothing: there are none of them.
    """
    grids = [grid for signal in (Signal.SPANS, Signal.LOGS) if (grid := grid_of(case, signal)) is not None]
    covered = [
        Window(grid.begin(first), grid.end(last - 1)) for grid in grids for first, last in grid.stretches
    ]
    around = [max(one.length, AROUND_LEAST) * (NARROW_FOCUS if narrow else 1) for one in covered]
    return tuple(Window(one.start - more, one.end + more) for one, more in zip(covered, around, strict=True))
