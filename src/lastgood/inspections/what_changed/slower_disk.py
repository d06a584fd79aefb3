"""Disks that became slower at the same work: busy all the time, with no more reads and writes than before."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from lastgood.inspections.what_changed.weights import (
    DISK_BUSIER,
    DISK_NEVER_IDLE,
    DISK_SAME_WORK,
    DISK_SLOWER,
    DISK_VALUES,
)
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

# Gauges of a disk, device by device: what share of the time it is busy, and how much it does.
LEVELS = """
SELECT service, labels, metric, busy, if(busy AND any(unit) != '1', 100, 1) AS most,
       countIf(phase = 'good') AS n, countIf(phase = 'bad') AS m,
       quantileExactIf(0.5)(value, phase = 'good') / most AS good, quantileExactIf(0.5)(value, phase = 'bad') / most AS bad
FROM (SELECT service, toString(attributes) AS labels, metric, unit, phase, value, match(metric, '(?i)busy|util') AS busy
      FROM lg_points WHERE phase != '' AND isFinite(value) AND NOT (monotonic AND cumulative) AND service IN {services:Array(String)}
        AND match(metric, '(?i)dis[ck]|blk') AND match(metric, '(?i)busy|util|operations|iops|tps|write|read'))
GROUP BY service, labels, metric, busy ORDER BY service, labels, metric LIMIT 2000"""


def slower_disks(case: Case, services: Collection[str]) -> Iterator[Reason]:
    """A reason for each service of those whose disk is at its limit by the work that it did before with ease."""
    if not case.has(Signal.METRICS) or case.comparison is None or not services:
        return
    devices = defaultdict[tuple[str, str], list[dict[str, float]]](list)
    for row in case.query(LEVELS, services=sorted(services)).dicts():
        if min(row["n"], row["m"]) >= DISK_VALUES:
            devices[row["service"], row["labels"]].append(row)
    for (service, _), rows in sorted(devices.items()):
        busy = [row for row in rows if row["busy"]]
        work = [row for row in rows if not row["busy"] and row["good"] > 0]
        full = [
            row for row in busy if row["bad"] >= DISK_NEVER_IDLE and row["bad"] >= DISK_BUSIER * row["good"]
        ]
        if full and work and all(row["bad"] <= DISK_SAME_WORK * row["good"] for row in work):
            yield Reason(DISK_SLOWER, service=service, good=full[0]["good"], bad=full[0]["bad"])
