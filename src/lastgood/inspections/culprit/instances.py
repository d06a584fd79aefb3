"""Evidence of instances: whether one of a service's instances alone is ill, and whether ill ones share a host.

Instances of a service do the same work, so each is held against the others: what it loses more than before, in
failures that begin there, in its own time, in error lines.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lastgood.inspections.culprit.weights import (
    HOST_VICTIMS,
    INSTANCE_FAILURES,
    INSTANCE_SECONDS,
    INSTANCES_LEAST,
    ONE_LOSES,
    ONE_WORKS,
    PEERS_EXPECTED,
    PEERS_SPARED,
)
from lastgood.model.attributes import HOSTS
from lastgood.model.evidence import Table
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.hosts import nodes_of_pods
from lastgood.readings.series import IS_BAD_LINE
from lastgood.readings.traces import one_in
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

INSTANCE_SPANS = """
SELECT service, instance, phase, count() AS work, countIf(failed AND NOT children_failed) AS failures,
       sum(self_ns) / 1e9 AS seconds
FROM lg_sample WHERE service IN {services:Array(String)} AND instance != ''
GROUP BY service, instance, phase ORDER BY service, instance, phase LIMIT 20000"""
INSTANCE_LINES = f"""
SELECT service, instance, phase, countIf(NOT ({IS_BAD_LINE})) AS work, countIf({IS_BAD_LINE}) AS failures, 0.0 AS seconds
FROM lg_lines WHERE phase != '' AND service IN {{services:Array(String)}} AND instance != ''
GROUP BY service, instance, phase ORDER BY service, instance, phase LIMIT 20000"""
WHERE_THEY_RUN = f"""
SELECT service, instance, max({first_of(["resource"], HOSTS)}) AS host
FROM lg_spans WHERE phase = 'bad' AND service IN {{services:Array(String)}} AND instance != ''
GROUP BY service, instance HAVING host != '' ORDER BY service, instance LIMIT 20000"""


@dataclass(frozen=True, slots=True)
class Placed:
    """The one ill instance of each service that has one, the host that ill ones share, and the rows behind it."""

    instances: Mapping[str, str]
    host: str | None = None
    on_host: tuple[str, ...] = ()  # services, each ill on that host alone
    evidence: tuple[Table, ...] = ()


def placed(case: Case, services: Collection[str]) -> Placed:
    """Where in the given services it is."""
    reported = _read(case, services)
    ill: dict[str, str] = {}
    for rows in (read.dicts() for read in reported):
        for service, mine in _by_service(rows).items():
            found = one_of_many(mine)
            if found is not None:
                ill.setdefault(service, found)
    table = tuple(_table(read, ill) for read in reported if ill)
    if len(ill) < HOST_VICTIMS:
        return Placed(ill, evidence=table)
    run = case.query(WHERE_THEY_RUN, services=sorted(ill)).dicts() if case.has(Signal.SPANS) else ()
    hosts, nodes = {(r["service"], r["instance"]): r["host"] for r in run}, nodes_of_pods(case)
    shared: dict[str, list[str]] = defaultdict(list)
    for service, instance in sorted(ill.items()):
        if host := hosts.get((service, instance)) or nodes.get(instance):
            shared[host].append(service)
    host = max(shared, key=lambda name: (len(shared[name]), name), default=None)
    if host is None or len(shared[host]) < HOST_VICTIMS:
        return Placed(ill, evidence=table)
    return Placed(ill, host, tuple(shared[host]), table)


def one_of_many(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The instance that loses nearly all of what one service loses more than before; None when several do.

    `rows`: instance, phase, work, failures and seconds. What an instance is expected to lose is its work times
    what the service lost for it before.
    """
    good = [row for row in rows if row["phase"] == "good"]
    bad = [row for row in rows if row["phase"] == "bad"]
    before, now = sum(row["work"] for row in good), sum(row["work"] for row in bad)
    if not before or len(bad) < INSTANCES_LEAST:
        return None
    for what, least in (("failures", float(INSTANCE_FAILURES)), ("seconds", INSTANCE_SECONDS)):
        usual = sum(row[what] for row in good) / before
        more = {row["instance"]: max(0.0, row[what] - usual * row["work"]) for row in bad}
        worst = max(more, key=lambda instance: (more[instance], instance))
        work = sum(row["work"] for row in bad if row["instance"] == worst)
        alone = more[worst] >= max(least, ONE_LOSES * sum(more.values()))
        if alone and (work <= ONE_WORKS * now or _spared(more, worst, work, now - work)):
            return str(worst)
    return None


def _spared(more: Mapping[str, float], worst: str, work: int, others: int) -> bool:
    """Whether the others, though they work little, would have lost many at the rate of the worst, and did not."""
    expected = more[worst] * others / max(work, 1)
    return expected >= PEERS_EXPECTED and sum(more.values()) - more[worst] <= expected / PEERS_SPARED


def _read(case: Case, services: Collection[str]) -> list[Rows]:
    wanted = sorted(services)
    reported = []
    if case.has(Signal.SPANS):
        reported.append(case.query(INSTANCE_SPANS, services=wanted, every=one_in(case)))
    if case.has(Signal.LOGS):
        reported.append(case.query(INSTANCE_LINES, services=wanted))
    return reported


def _by_service(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["service"]].append(row)
    return found


def _table(read: Rows, ill: Mapping[str, str]) -> Table:
    return Table(
        "Instances side by side",
        ("service", "instance", "window", "work", "failures", "own seconds"),
        tuple(
            (r["service"], r["instance"], r["phase"], r["work"], r["failures"], r["seconds"])
            for r in read.dicts()
            if r["service"] in ill
        )[:40],
        read.provenance,
    )
