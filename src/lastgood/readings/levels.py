"""Metrics over time: one series per service, metric and set of labels, with what it measures."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lastgood.algorithms.change_point import Floats, step_for
from lastgood.algorithms.metric_meaning import Meaning, Role, stated_unit, waiting
from lastgood.model.attributes import CALLEE_LABELS, OUTCOME_LABELS
from lastgood.model.clock import to_nanoseconds
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid
from lastgood.readings.measured import ended_badly, ran_out, reported_apart
from lastgood.readings.resource_use import Use, uses, valued
from lastgood.readings.same_hour import HOUR_LONGER, other_days
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from lastgood.telemetry.derived import first_of

# fmt: off
LEVEL_BUCKETS = Count(1500, "buckets at most", "judgement: bounds the work")
LEVEL_PAST = Count(3, "times a stretch that matters: so much of what was before is read as well", "judgement: a level is known from three times itself")
LEVEL_PAST_LEAST = Time(3, "h of past at least", "judgement: a rhythm of an hour shows in it")
LEVEL_AFTER = Time(5, "min of what comes after it", "judgement: one sample is not a level")
LEVEL_SPREADS = Amount(5.0, "spreads of its past, that a metric must leave its median by", "judgement: many metrics are looked at")
LEVEL_ERRORS = Amount(3.29, "standard errors", "judgement: 99.9 %, for many metrics are looked at")
LEVEL_FEWEST = Count(5, "values, to know a past", "judgement: a median of fewer says nothing")
LEVEL_FLOOR = Amount(0.25, "of the floor of its kind is the least spread", "judgement: four spreads make the floor")
LEVEL_REACHED = Amount(0.99, "of the past values: what they reached is usual", "judgement: one in a hundred may be an accident")
LEVEL_SERIES = Count(5000, "series that are read", "judgement: bounds the work")
# fmt: on
NORMAL = 1.4826
CALLED = "SELECT DISTINCT callee FROM lg_calls_known WHERE caller != callee"

_POINTS = f"""
SELECT service, instance, metric, toString(attributes) AS labels, any({first_of(["attributes"], CALLEE_LABELS)}) AS callee,
       any({first_of(["attributes"], OUTCOME_LABELS)}) AS ended,
       any(unit_of) AS unit,
       max(counts_up) AS counter, arraySort(groupArray((bucket, level))).1 AS buckets,
       arraySort(groupArray((bucket, level))).2 AS levels
FROM (
    SELECT service, instance, metric, attributes, any(unit) AS unit_of,
           max(monotonic AND cumulative) AS counts_up,
           intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket,
           if(max(monotonic AND cumulative), max(value), avg(value)) AS level
    FROM lg_points WHERE isFinite(value)
    GROUP BY service, instance, metric, attributes, bucket
)
GROUP BY service, instance, metric, attributes HAVING count() >= {{fewest:UInt32}}
ORDER BY service, instance, metric, labels LIMIT {{most:UInt32}}"""


@dataclass(frozen=True, slots=True)
class Level:
    """One metric at one place: values per bucket (nan where there are none) and what it measures."""

    series: SymptomSeries  # observed: the values
    meant: Meaning
    metric: str
    unit: str


@dataclass(frozen=True, slots=True)
class Change:
    """A metric while bad against all of its past: medians, and the interval of their difference."""

    level: Level
    usual: float
    now: float
    spread: float  # of the past
    most: float  # what 99 % of the past stayed below
    low: float
    high: float
    at_this_hour: tuple[float, ...] = ()  # medians, at the same hour of other days

    @property
    def name(self) -> str:
        """Where and what, with its unit."""
        return self.level.series.place + (f" {self.level.unit}" if self.level.unit else "")

    @property
    def spreads(self) -> float:
        """The rise in spreads of the past."""
        return (self.now - self.usual) / self.spread

    @property
    def used_up(self) -> bool:
        """Whether it is a resource that has reached its limit, and had more left before."""
        return ran_out(self.level.meant, self.usual, self.now)

    @property
    def up(self) -> bool:
        """Whether it rose beyond its past, and by enough to matter."""
        least = max(self.level.meant.floor, LEVEL_SPREADS * self.spread)
        most = max(self._ratio * self.usual, self.most)
        usual_now = max(self.at_this_hour, default=None)
        floor = self.level.meant.floor
        if usual_now is not None and self.now < max(HOUR_LONGER * usual_now, usual_now + floor):
            return False
        return self.used_up or (self.now - self.usual >= least and self.now >= most)

    @property
    def down(self) -> bool:
        """Whether it fell, likewise."""
        least = max(self.level.meant.floor, LEVEL_SPREADS * self.spread)
        if self.at_this_hour and self.now > min(self.at_this_hour) - self.level.meant.floor:
            return False
        return self.usual - self.now >= least and self.usual >= self._ratio * max(self.now, 0.0)

    @property
    def _ratio(self) -> float:
        return 1.0 if self.level.meant.role is Role.SUCCESS else self.level.meant.ratio


def changes(case: Case, comparison: Comparison) -> list[Change]:
    """Every metric with values in the bad window and a past to compare them with.

    The past is everything before the end of the good window. The interval is 1.25 standard errors of a mean for
    a median's, at 99.9 %.
    """
    found = []
    for level in levels(case, fewest=LEVEL_FEWEST + 1):
        before, bad = sides(level, comparison)
        if len(before) < LEVEL_FEWEST or not len(bad):
            continue
        usual, now = float(np.median(before)), float(np.median(bad))
        spread = max(
            NORMAL * float(np.median(np.abs(before - usual))), level.meant.floor * LEVEL_FLOOR, 1e-12
        )
        error = 1.25 * LEVEL_ERRORS * spread * (1 / len(before) + 1 / len(bad)) ** 0.5
        most = float(np.quantile(before, LEVEL_REACHED))
        hours = tuple(_at_hours(level, comparison))
        found.append(Change(level, usual, now, spread, most, now - usual - error, now - usual + error, hours))
    return found


def _at_hours(level: Level, comparison: Comparison) -> Iterator[float]:
    """The medians of a metric at the hour of the bad window on other days."""
    one = level.series
    for window in other_days(comparison.bad):
        values = one.observed[_in(one, window)]
        if len(values) >= LEVEL_FEWEST:
            yield float(np.median(values))


def _in(one: SymptomSeries, window: Window) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which buckets of a series start in a window and have a value."""
    starts = one.grid.origin + np.arange(one.grid.buckets) * one.grid.step * 1_000_000_000
    inside = (starts >= to_nanoseconds(window.start)) & (starts < to_nanoseconds(window.end))
    return np.isfinite(one.observed) & inside


def sides(level: Level, comparison: Comparison) -> tuple[Floats, Floats]:
    """A metric's values before the end of the good window (as far back as there are), and in the bad one."""
    one = level.series
    starts = one.grid.origin + np.arange(one.grid.buckets) * one.grid.step * 1_000_000_000
    known = np.isfinite(one.observed)
    before = starts < to_nanoseconds(comparison.good.end)
    return one.observed[known & before], one.observed[_in(one, comparison.bad)]


def inner_services(case: Case) -> frozenset[str]:
    """Services that a person is known to call, so that users feel them through others only."""
    return frozenset(row["callee"] for row in case.query(CALLED).dicts())


def levels(case: Case, *, fewest: int = 12, around: Window | None = None) -> Iterator[Level]:
    """Every metric whose meaning its name and unit tell; counters as rates a second.

    `around` is a stretch that matters, of which and of whose surroundings the values are; default: all there is.
    """
    holding = case.holdings.of(Signal.METRICS)
    if holding is None or holding.window is None or not holding.window.overlaps(case.window):
        return
    window = Window(max(holding.window.start, case.window.start), min(holding.window.end, case.window.end))
    if around is not None and around.overlaps(window):
        past = max(LEVEL_PAST * around.length, LEVEL_PAST_LEAST)
        window = Window(max(window.start, around.start - past), min(window.end, around.end + LEVEL_AFTER))
    grid = Grid(window, step_for(window.seconds, LEVEL_BUCKETS))
    rows = case.query(
        _POINTS, window=window, step_ns=grid.step * 1_000_000_000, fewest=fewest, most=LEVEL_SERIES
    )
    together = uses(case, window)
    apart = set[str]().union(*(use.metrics for use in together))
    for given in rows.dicts():
        row = {
            **given,
            "unit": stated_unit(given["metric"], given["unit"], max(given["levels"], default=0.0)),
        }
        meant = _meant(row)
        if meant is None or row["metric"] in apart:
            continue
        values = valued(row, grid, total=False)
        yield Level(
            SymptomSeries(
                Trust.RESOURCES if meant.role is Role.RESOURCE else Trust.METRICS, Symptom.LEVEL, row["service"],
                " ".join(filter(None, (row["metric"], _badly(row["ended"]), row["instance"], row["callee"]))), values, grid.covered,
                share=False, rise=meant.role is not Role.SUCCESS and meant.role is not Role.TRAFFIC, grid=grid,
                provenance=rows.provenance, example=row["unit"],
            ),
            meant, row["metric"], row["unit"],
        )  # fmt: skip
    yield from _of_uses(together, fewest)


def _badly(ended: str) -> str:
    """How what a metric counts ended, where that is a failure: it tells what the figure is of."""
    return ended if ended_badly(ended) else ""


def _of_uses(together: Iterable[Use], fewest: int) -> Iterator[Level]:
    """What several metrics tell of a resource together, of each service that needs it."""
    for use in together:
        if np.isfinite(use.values).sum() < fewest:
            continue
        for service in use.services:
            series = SymptomSeries(
                Trust.RESOURCES, Symptom.LEVEL, service, " ".join(filter(None, (use.name, use.instance))), use.values,
                use.grid.covered, share=False, rise=True, grid=use.grid, provenance=use.provenance,
            )  # fmt: skip
            yield Level(series, use.family.meaning, use.name, "")


def _meant(row: Mapping[str, Any]) -> Meaning | None:
    """What a metric measures; how long a caller waits for one callee is a symptom too, whoever's fault it is."""
    waits = waiting(row["metric"], row["unit"]) if row["callee"] else None
    return reported_apart(row["metric"], row["unit"], row["ended"]) or waits
