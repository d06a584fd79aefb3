"""Errors by type over 3 million loaded lines, against `grep | awk | sort | uniq -c` on the text: same counts?

The type is the service and the first word of the message: a question that plain tools can answer as well. A
loaded store counts shapes, and reads the word off the sample that it keeps of each.
"""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.figures import Figure
from bench.generate_logs import write

from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store

NEEDS = ""
LINES = 3_000_000
NOW = datetime(2026, 11, 22, tzinfo=UTC)
BY_TYPE = """
SELECT service, splitByChar(' ', low, 1)[1] AS kind, sum(n) AS lines
FROM (SELECT service, shape, count() AS n FROM lg_lines WHERE level = 'error' GROUP BY service, shape) AS counted
GLOBAL LEFT JOIN (SELECT service, shape, low FROM lg_shapes) AS known USING (service, shape)
GROUP BY service, kind"""
PLAIN = "grep -F ' ERROR ' \"$1\" | awk '{print $3, $4}' | LC_ALL=C sort | uniq -c"

Counts = dict[tuple[str, str], int]


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The time of both, and how many counts differ."""
    del data
    logs = scratch / "mixed.log"
    write(logs, LINES)
    plain, plain_seconds = min((_plain(logs) for _ in range(3)), key=lambda timed: timed[1])
    with throwaway_store() as store:
        load(store, [logs], now=NOW, zone=UTC)
        ours, seconds = min((_ours(store) for _ in range(3)), key=lambda timed: timed[1])
    differing = len(plain.items() ^ ours.items())
    note = f"{sum(ours.values())} errors of {len(ours)} types, best of 3"
    yield Figure("errors by type, loaded", seconds, "s", limit=plain_seconds, note=note)
    yield Figure("grep | awk | sort | uniq -c", plain_seconds, "s", note="best of 3, file in the cache")
    yield Figure("counts that differ", differing, limit=0)


def _ours(store: Store) -> tuple[Counts, float]:
    holdings, reader = store.survey()
    window = holdings.telemetry_window
    if window is None:
        raise RuntimeError("nothing was loaded")
    started = perf_counter()
    rows = reader.query(BY_TYPE, {}, window).dicts()
    return {(row["service"], row["kind"]): row["lines"] for row in rows}, perf_counter() - started


def _plain(logs: Path) -> tuple[Counts, float]:
    started = perf_counter()
    command = ["sh", "-c", PLAIN, "sh", str(logs)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds = perf_counter() - started
    rows = (line.split() for line in said.splitlines())
    return {(service, kind): int(lines) for lines, service, kind in rows}, seconds
