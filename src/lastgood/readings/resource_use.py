"""How much of each resource is used, where several metrics tell it together: of machines, pods, stores and queues."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lastgood.algorithms.change_point import Floats, Integers, step_for
from lastgood.algorithms.filling import seconds_to_full
from lastgood.algorithms.metric_families import FAMILIES, Family, Form, Scope, named, reports_others, spelt
from lastgood.model.attributes import HOSTS
from lastgood.model.clock import to_nanoseconds
from lastgood.model.evidence import Provenance
from lastgood.model.judgement import Count
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid
from lastgood.readings.hosts import Hosts, read_hosts
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

# fmt: off
USE_BUCKETS = Count(1500, "buckets at most", "judgement: bounds the work")
USE_SERIES = Count(5000, "series of a resource that are read", "judgement: bounds the work")
USE_STALE = Count(20, "buckets that a limit stays known", "judgement: limits are scraped seldom, and seldom change")
# fmt: on
_KNOWN = "SELECT DISTINCT metric FROM lg_points ORDER BY metric LIMIT 20000"
_PARTS = """
SELECT service, place, metric, key, max(counts_up) AS counter,
       arraySort(groupArray((bucket, level))).1 AS buckets, arraySort(groupArray((bucket, level))).2 AS levels
FROM (
    SELECT service, place, metric, key, bucket, max(counted) AS counts_up, sum(each) AS level FROM (
        SELECT service, {place} AS place, metric, [{key}] AS key, bucket, max(monotonic AND cumulative) AS counted,
               if(counted, max(value), avg(value)) AS each
        FROM (SELECT *, intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket FROM lg_points)
        WHERE metric IN {{metrics:Array(String)}} AND isFinite(value) AND value >= 0 AND ({which})
        GROUP BY service, place, metric, key, instance, attributes, resource, bucket
    )
    GROUP BY service, place, metric, key, bucket
)
GROUP BY service, place, metric, key ORDER BY service, place, metric, key LIMIT {{most:UInt32}}"""
_MAPS = ("attributes", "resource")
_Place = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Use:
    """One resource at one place: values by bucket of the grid (nan where unknown), and who needs it.

    `services` run there; `instance` is the machine, pod or process, `part` the mount point, device, pool or queue.
    """

    family: Family
    services: tuple[str, ...]
    instance: str
    part: str
    values: Floats
    grid: Grid
    provenance: Provenance
    tied: bool  # whether telemetry tells that these services run there
    metrics: frozenset[str]  # that it is made of: each by itself says less

    @property
    def name(self) -> str:
        """What it is, and which part of the place: `disk utilization /var`."""
        return f"{self.family.name} {self.part}".strip()

    def inside(self, window: Window) -> Floats:
        """Its values in a window."""
        known: Floats = self.values[self._known(window)]
        return known

    def full_in(self, window: Window) -> float | None:
        """Seconds after a window until it is full, at the pace of that window; None where it does not fill."""
        known = self._known(window)
        times = self.grid.numbers[known].astype(np.float64) * self.grid.step
        return seconds_to_full(times, self.values[known]) if self.family.share else None

    def _known(self, window: Window) -> Integers:
        starts = self.grid.origin + self.grid.numbers * self.grid.step * 1_000_000_000
        inside = (starts >= to_nanoseconds(window.start)) & (starts < to_nanoseconds(window.end))
        return np.flatnonzero(inside & np.isfinite(self.values))


def uses(case: Case, window: Window | None = None, *, table: Sequence[Family] = FAMILIES) -> list[Use]:
    """Every resource of the table whose metrics are there."""
    holding = case.holdings.of(Signal.METRICS)
    asked = window or case.window
    if holding is None or holding.window is None or not holding.window.overlaps(asked):
        return []
    metrics = {row["metric"]: spelt(row["metric"]) for row in case.query(_KNOWN).dicts()}
    families = [one for one in table if named(one.used, metrics) and _limit_known(one, metrics)]
    if not families:
        return []
    covered = Window(max(holding.window.start, asked.start), min(holding.window.end, asked.end))
    grid = Grid(covered, step_for(covered.seconds, USE_BUCKETS))
    hosts = read_hosts(case) if any(one.scope is not Scope.CONTAINER for one in families) else Hosts({}, {})
    found: dict[tuple[str, ...], Use] = {}
    for family in families:
        for use in _of(case, family, metrics, grid, hosts):
            found.setdefault((use.name, use.instance, *use.services), use)
    return list(found.values())


def _limit_known(family: Family, metrics: Mapping[str, str]) -> bool:
    return not isinstance(family.of, str) or bool(named(family.of, metrics))


def _of(case: Case, family: Family, metrics: Mapping[str, str], grid: Grid, hosts: Hosts) -> Iterable[Use]:
    def read(names: str, only: Mapping[str, str]) -> Rows:
        asked = {"metrics": list(named(names, metrics)), "step_ns": grid.step * 1_000_000_000}
        return case.query(_statement(family, only), window=grid.window, most=USE_SERIES, **asked)

    limits: dict[_Place, Floats] = {}
    made_of = set(named(family.used, metrics))
    if isinstance(family.of, str):
        rows = read(family.of, family.only if family.of_only is None else family.of_only)
        limits = {_place(row): _known(valued(row, grid, total=False)) for row in rows.dicts()}
        made_of |= set(named(family.of, metrics))
    used, seen = read(family.used, family.only), set[_Place]()
    for row in used.dicts():
        place = _place(row)
        values = _share(family, valued(row, grid, total=family.form is Form.TOTAL), limits.get(place))
        if values is None or not np.isfinite(values).any() or place in seen:
            continue
        seen.add(place)
        services, instance = _whose(family, row, hosts)
        if services:
            part = " ".join(filter(None, row["key"] if family.scope is not Scope.CONTAINER else ()))
            yield Use(
                family,
                services,
                instance,
                part,
                values,
                grid,
                used.provenance,
                services != (instance,),
                frozenset(made_of),
            )


def _statement(family: Family, only: Mapping[str, str]) -> str:
    """The query of one part of a family: who, where, and which series of it."""
    place = "instance"
    if family.scope is Scope.CONTAINER and family.by:
        place = first_of(_MAPS, family.by[:1])
    elif family.scope is Scope.MACHINE:
        host = first_of(("resource",), HOSTS)
        place = f"if({host} != '', {host}, instance)"
    key = ", ".join(first_of(_MAPS, label.split("|")) for label in family.by) or "''"
    tests = [f"match({_label(label)}, '^({values})$')" for label, values in only.items()]
    tests += [f"NOT match({_label(label)}, '^({values})$')" for label, values in family.without.items()]
    return _PARTS.format(place=place, key=key, which=" AND ".join(tests) or "1")


def _label(label: str) -> str:
    return first_of(_MAPS, label.rstrip("|").split("|"))


def _place(row: Mapping[str, Any]) -> _Place:
    return row["service"], row["place"], tuple(row["key"])


def valued(row: Mapping[str, Any], grid: Grid, *, total: bool) -> Floats:
    """A series by bucket of the grid; a counter as its rate a second, unless its totals are asked for."""
    values = np.full(grid.buckets, np.nan)
    at, level = np.array(row["buckets"], np.int64), np.array(row["levels"], np.float64)
    if row["counter"] and not total:
        elapsed, grown = np.diff(at) * float(grid.step), np.diff(level)
        # A counter that falls was restarted: what it shows has been counted since.
        level, at = np.where(grown < 0, level[1:], grown) / elapsed, at[1:]
    values[at] = level
    return values


def _known(values: Floats) -> Floats:
    """A limit where it was reported, and for a while after; before the first report, as it was then."""
    at = np.flatnonzero(np.isfinite(values))
    if not len(at):
        return values
    places = np.arange(len(values))
    last = at[np.clip(np.searchsorted(at, places, side="right") - 1, 0, None)]
    return np.where(places - last <= USE_STALE, values[last], np.nan)


def _share(family: Family, used: Floats, limit: Floats | None) -> Floats | None:
    """The values of a resource: shares of its limit, which lie between 0 and 1, or amounts."""
    if family.form not in {Form.SHARE, Form.LEFT}:
        return used
    if isinstance(family.of, float):
        limit = np.full(len(used), family.of)
    elif family.of is None:
        limit = np.full(len(used), np.nanmax(used, initial=0.0))
    if limit is None:
        return None
    share = np.divide(used, limit, out=np.full(len(used), np.nan), where=limit > 0)
    share = 1 - share if family.form is Form.LEFT else share
    kept: Floats = np.clip(share, 0.0, 1.5)
    return kept


def _whose(family: Family, row: Mapping[str, Any], hosts: Hosts) -> tuple[tuple[str, ...], str]:
    """The services that need a resource, and its machine, pod or process."""
    service, place = row["service"], row["place"]
    if family.scope is Scope.MACHINE:
        host = hosts.name(place or service)
        return hosts.services(host) or ((host,) if host else ()), host
    if family.scope is Scope.OWNER:
        return _owner(row["key"][0] or service, hosts), ""
    if family.scope is Scope.PROCESS and reports_others(service) and place:
        return hosts.services(place) or (hosts.name(place),), hosts.name(place)
    return ((service,) if service else ()), place


def _owner(label: str, hosts: Hosts) -> tuple[str, ...]:
    """The service that a consumer group or a volume is named after; else that name itself."""
    return (hosts.consumer(label) or label,) if label else ()
