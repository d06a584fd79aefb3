"""The versions of a service that served, by spans or by log lines: since when, how much, and how much of it was affected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from lastgood.algorithms.change_lineage import bare, version_number
from lastgood.algorithms.identity import REPLICA_SET
from lastgood.inspections.what_changed.weights import BUILD_LATE, BUILD_SOON, SERVED_AT_START
from lastgood.model.change import Change
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.risen import risen

SLOT = (
    30_000_000_000  # nanoseconds in which two versions must both have served to have been beside each other
)
_BUILD = f"if(version != '', version, extract(instance, '{REPLICA_SET}'))"
SHAPES = """
SELECT service, shape, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad FROM lg_lines
WHERE phase != '' AND severity >= 13 AND service IN {services:Array(String)}
GROUP BY service, shape HAVING bad > 0 ORDER BY service, shape"""


@dataclass(frozen=True, slots=True)
class Served:
    """The spans or lines of one version of a service: when, how many, and how many of them failed or were slow."""

    first: datetime
    last: datetime
    before: int  # the onset
    before_affected: int
    bad: int
    bad_affected: int
    beside: int  # of the bad ones, while another version served too
    beside_affected: int


def versions_query(relation: str, version: str, affected: str) -> str:
    """SQL of what each version of {services} served: a row a service and version, with the columns of `Served`.

    `version` and `affected` are expressions over the relation; {low_ns} is the onset.
    """
    early = "ts < fromUnixTimestamp64Nano({low_ns:Int64}, 'UTC')"
    return f"""
SELECT service, served AS version, min(first) AS first, max(last) AS last, sum(early) AS before, sum(early_affected) AS before_affected,
       sum(late) AS bad, sum(late_affected) AS bad_affected,
       sumIf(late, others > 1) AS beside, sumIf(late_affected, others > 1) AS beside_affected
FROM (
    SELECT *, count() OVER (PARTITION BY service, slot) AS others
    FROM (
        SELECT service, {version} AS served, intDiv(toUnixTimestamp64Nano(ts), {SLOT}) AS slot, min(ts) AS first, max(ts) AS last,
               countIf({early}) AS early, countIf({early} AND {affected}) AS early_affected,
               countIf(phase = 'bad') AS late, countIf(phase = 'bad' AND {affected}) AS late_affected
        FROM {relation} WHERE service IN {{services:Array(String)}} AND served != '' GROUP BY service, served, slot))
GROUP BY service, version ORDER BY service, version"""


BUILDS = versions_query("lg_lines", _BUILD, "has({shapes:Array(UInt64)}, shape)")


def served(row: Mapping[str, Any]) -> Served:
    """A row of such a query."""
    return Served(**{one.name: row[one.name] for one in fields(Served)})


def read_builds(case: Case, services: Iterable[str], low: datetime) -> dict[tuple[str, str], Served]:
    """The log lines of each build of services with new errors, by service and build; affected are those new errors.

    A build is a version where lines name it, and the ReplicaSet of the pod else.
    """
    if not case.has(Signal.LOGS):
        return {}
    names = sorted(services)
    new = [row for row, _ in risen(case, case.query(SHAPES, services=names).dicts())]
    failing = sorted({row["service"] for row in new})
    if not failing:
        return {}
    shapes = sorted({row["shape"] for row in new})
    rows = case.query(BUILDS, services=failing, shapes=shapes, low_ns=int(low.timestamp() * 1e9)).dicts()
    return {(row["service"], version_number(row["version"])): served(row) for row in rows}


def builds_of(service: str, builds: Mapping[tuple[str, str], Served]) -> dict[str, Served]:
    """The builds of one service, by their name."""
    return {build: one for (name, build), one in builds.items() if bare(name) == bare(service)}


def new_build(change: Change, builds: Mapping[str, Served], start: datetime) -> str:
    """Which of the builds of its service a deploy brought: that of its version, or the only one that begins with it.

    Empty where none or several do; `start` is when telemetry begins.
    """
    version = version_number(change.version)
    if version and version in builds:
        return version
    began = [
        build
        for build, one in builds.items()
        if one.first > start + SERVED_AT_START
        and change.at - BUILD_SOON <= one.first <= change.until + BUILD_LATE
    ]
    return began[0] if len(began) == 1 else ""
