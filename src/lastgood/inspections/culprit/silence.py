"""Evidence of silence: a service that reported things all the time, and tells nothing any more.

A service that is called by others is held against what its callers see of it: calls that still succeed say that
only its telemetry is lost; that no service calls it any more, that it has nothing to tell.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.inspections.culprit.weights import (
    KIN_PARTS,
    MOST_SILENT,
    MOSTLY_ASKED,
    SILENCE_LONGER,
    SILENCE_REPORTED,
    SILENCE_STRETCH,
    SILENCE_STRETCHES,
    SILENT_SERVICE,
    STEADY_STRETCHES,
    TAKEN_OVER,
)
from lastgood.model.evidence import Table
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.suspicions import Suspicions
from lastgood.telemetry.reader import Rows

# Several signals of one service, each (but a metric that is zero, which a dead process leaves behind, unless it counts what is left) by the stretches of time in which there was any of it.
_REPORTED = """SELECT service, '%s' AS signal, intDiv(toUnixTimestamp(ts), {stretch:UInt32}) AS stretch, countIf(phase = 'good') AS was,
             countIf(phase = 'bad') AS now, max(ts) AS latest FROM %s WHERE phase != '' %s GROUP BY service, stretch"""
_SIGNALS = (
    ("spans", "lg_spans", ""),
    ("lines", "lg_lines", ""),
    ("metrics", "lg_points", "AND (value != 0 OR match(metric, '(?i)avail|free|remaining|left|idle'))"),
)
SPOKEN = f"""
SELECT service, signal, sum(was) AS good, sum(now) AS bad, countIf(now > 0) AS bad_stretches,
       arraySort(groupArrayIf(stretch, was > 0)) AS stretches, toUnixTimestamp(max(latest)) AS last
FROM ({" UNION ALL ".join(_REPORTED % one for one in _SIGNALS)})
WHERE service != '' GROUP BY service, signal ORDER BY service, signal LIMIT 10000"""

# The ending of an instance's name: a ReplicaSet's hash and a pod's, or a number.
_INSTANCE = re.compile(r"-(?=[a-z0-9]*\d)[a-z0-9]+(?:-[a-z0-9]{5})?$")

ASKED = """
SELECT name AS service, count() AS traces, countIf(first != name) AS asked
FROM (SELECT trace_id, argMin(service, ts) AS first, groupUniqArrayIf(service, service IN {services:Array(String)}) AS mine
      FROM lg_lines WHERE phase = 'good' AND trace_id != '' GROUP BY trace_id) ARRAY JOIN mine AS name
GROUP BY name ORDER BY name"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What each service reported in both windows, signal by signal."""

    by_service: Mapping[str, list[dict[str, Any]]]
    read: Rows
    stretch: int  # seconds
    until: float  # the end of the bad window

    @property
    def services(self) -> frozenset[str]:
        """Those that reported anything."""
        return frozenset(self.by_service)

    def load(self) -> dict[str, float]:
        """How many times as many spans of each service there are as before, in the time in which it has any."""
        grown: dict[str, float] = {}
        for service, rows in self.by_service.items():
            for row in rows:
                reported = min(len(row["stretches"]), row["bad_stretches"])
                if row["signal"] == "spans" and reported >= STEADY_STRETCHES:
                    before = row["good"] / len(row["stretches"])
                    grown[service] = row["bad"] / row["bad_stretches"] / before
        return grown


def spoken(case: Case) -> Spoken:
    """Who reported what, in both windows."""
    stretch = max(SILENCE_STRETCH, int(case.window.seconds / SILENCE_STRETCHES))
    read = case.query(SPOKEN, stretch=stretch)
    by_service: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in read.dicts():
        by_service[row["service"]].append(row)
    until = case.comparison.bad.end if case.comparison else case.window.end
    return Spoken(by_service, read, stretch, until.timestamp())


def silence_suspicions(case: Case, reported: Spoken, called: Collection[str]) -> Suspicions:
    """Services that have gone silent and that no service calls, so that silence is theirs; `called`: who is called."""
    by_service = reported.by_service
    silent = sorted(
        name
        for name, rows in by_service.items()
        if _silent(rows, reported) and not _replaced(name, by_service)
    )
    moved = {name: other for name in silent if (other := _taken_over(name, reported, case))}
    silent = [name for name in silent if name not in moved]
    handed = tuple(f"{name} gets no more requests: {other} has them" for name, other in moved.items())
    if not silent:
        return Suspicions(limits=handed)
    called = {*called, *_asked(case, silent)}
    if len(silent) > len(by_service) * MOST_SILENT:  # of all at once: what stopped is the telemetry
        return Suspicions(limits=("most services stop sending telemetry at the end of the window",))
    table = Table(
        "Services that have gone silent",
        ("service", "signal", "good", "bad"),
        tuple((name, r["signal"], r["good"], r["bad"]) for name in silent for r in by_service[name]),
        reported.read.provenance,
    )
    alone = [name for name in silent if name not in called]
    found = tuple(_suspicion(name, by_service[name], 1 / len(alone)) for name in alone)
    limits = tuple(f"{name} stopped sending telemetry" for name in silent if name in called)
    return Suspicions(found, (table,), (*handed, *limits))


def _asked(case: Case, silent: list[str]) -> set[str]:
    """Those of them that wrote most of their lines for a request of which another service reported first."""
    if not case.has(Signal.LOGS):
        return set()
    rows = case.query(ASKED, services=silent).dicts()
    return {row["service"] for row in rows if row["asked"] > row["traces"] * MOSTLY_ASKED}


def _silent(rows: list[dict[str, Any]], reported: Spoken) -> bool:
    """Whether all that a service used to tell has stopped, for longer than it ever paused."""
    # What was written down once, as a table of what there is, is no telemetry that goes on.
    usual = [row for row in rows if row["good"] >= SILENCE_REPORTED and len(row["stretches"]) > 1]
    return bool(usual) and all(_stopped(row, reported) for row in rows if row["good"] or row["bad"])


def _taken_over(name: str, reported: Spoken, case: Case) -> str:
    """Another of its kind, by its name, that writes as much more as it wrote: what was sent to it is sent there."""
    if case.comparison is None:
        return ""
    good, bad = case.comparison.good.seconds, case.comparison.bad.seconds
    parts = name.split("-")
    for other, rows in reported.by_service.items():
        theirs = other.split("-")
        shared = len(parts) == len(theirs) and sum(a == b for a, b in zip(parts, theirs, strict=True))
        if other == name or not shared or shared < max(KIN_PARTS, len(parts) - 1):
            continue
        for row in rows:
            mine = next((one for one in reported.by_service[name] if one["signal"] == row["signal"]), None)
            more = row["bad"] / max(bad, 1.0) - row["good"] / max(good, 1.0)
            if mine and more >= TAKEN_OVER * mine["good"] / max(good, 1.0):
                return other
    return ""


def _replaced(name: str, by_service: Mapping[str, list[dict[str, Any]]]) -> bool:
    """Whether it is an instance, by its name, and another of the same service began when it had stopped: a rollout."""
    stem = _INSTANCE.sub("", name)
    if stem == name:
        return False
    last = max((row["stretches"][-1] for row in by_service[name] if row["stretches"]), default=0)
    return any(
        other != name
        and _INSTANCE.sub("", other) == stem != other
        and any(row["bad"] for row in rows)
        and all(row["stretches"][0] >= last for row in rows if row["stretches"])
        for other, rows in by_service.items()
    )


def _stopped(row: Mapping[str, Any], reported: Spoken) -> bool:
    stretches = row["stretches"]
    pause = max((b - a for a, b in pairwise(stretches)), default=1) * reported.stretch
    return bool(reported.until - row["last"] > SILENCE_LONGER * pause)


def _suspicion(service: str, rows: list[dict[str, Any]], scale: float) -> Suspicion:
    what = " and ".join(row["signal"] for row in rows if row["good"])
    number = sum(row["good"] for row in rows)
    why = Reason(SILENT_SERVICE, scale=scale, signals=what, number=number)
    return Suspicion(
        service,
        "infrastructure",
        why.ratio,
        why.reported,
        sign=Sign.SILENT,
        component="process",
        damage=float(number),
    )
