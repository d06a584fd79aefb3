"""What a platform says of the processes that it runs: killed for memory, restarted again and again, evicted."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from lastgood.algorithms.blame import Suspicion
from lastgood.inspections.culprit.weights import (
    KILLED_FOR_MEMORY,
    PLATFORM_EVENTS,
    PLATFORM_MORE,
    PLATFORM_SCALE,
    RESTARTED,
)
from lastgood.model.evidence import Table
from lastgood.model.figures import count, shortened
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.suspicions import Suspicions, grown

# Kubernetes' reasons and the kernel's words, by what they mean; each event counts once for each process.
_SAYS = (
    ("memory", re.compile(r"\bOOM|out of memory", re.IGNORECASE), KILLED_FOR_MEMORY, False),
    # A probe fails for want of what a process waits for as well: that may be a callee's fault.
    (
        "restart",
        re.compile(r"back-?off restarting|CrashLoop|liveness probe|\bKilling", re.IGNORECASE),
        RESTARTED,
        True,
    ),
)
EVENTS = """
SELECT service AS process, title, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_changes WHERE kind = 'infrastructure' AND phase != '' AND process != ''
GROUP BY process, title ORDER BY bad DESC, process, title LIMIT 2000"""


def killed_suspicions(case: Case, services: Collection[str]) -> Suspicions:
    """Services whose processes the platform kills or restarts more often than before."""
    if not case.has(Signal.CHANGES) or case.comparison is None or not case.comparison.good.seconds:
        return Suspicions()
    read = case.query(EVENTS)
    scale = case.comparison.bad.seconds / case.comparison.good.seconds
    found = tuple(_killed(read.dicts(), services, scale))
    if not found:
        return Suspicions()
    rows = tuple((r["process"], r["title"], r["good"], r["bad"]) for r in read.dicts()[:15])
    return Suspicions(
        found,
        (
            Table(
                "Platform events of processes",
                ("process", "event", "good", "bad"),
                rows,
                read.provenance,
            ),
        ),
    )


def _killed(rows: list[dict[str, Any]], services: Collection[str], scale: float) -> Iterator[Suspicion]:
    for kind, words, row, caught in _SAYS:
        counted: dict[str, list[float]] = defaultdict(lambda: [0, 0])
        processes: dict[str, set[str]] = defaultdict(set)
        samples: dict[str, str] = {}
        for event in rows:
            service = _service(event["process"], services)
            if service and words.search(event["title"]):
                counted[service][0] += event["good"]
                counted[service][1] += event["bad"]
                if event["bad"]:
                    processes[service].add(event["process"])
                    samples.setdefault(service, event["title"])
        for service, (good, bad) in sorted(counted.items()):
            more = bad - good * scale
            if bad < PLATFORM_EVENTS or more < max(PLATFORM_MORE, good * scale):
                continue
            why = Reason(
                row, scale=grown(more, PLATFORM_SCALE), events=bad, before=count(good),
                processes=len(processes[service]), sample=shortened(samples[service], 80),
            )  # fmt: skip
            yield Suspicion(
                service,
                kind,
                why.ratio,
                why.reported,
                caught=caught,
                component=kind,
                damage=more,
            )


def _service(process: str, services: Collection[str]) -> str:
    """Whose process it is: a pod's name begins with its service's."""
    mine = [name for name in services if name and (process == name or process.startswith(f"{name}-"))]
    return max(mine, key=lambda name: (len(name), name), default="")
