"""Log patterns of 3 million lines: from plain text, and from a store, against Drain3 on the same file.

Ours counts every line, mines all shapes and renders every template, each time from the text. Both are given whole
lines, and then messages alone, as a parser of the header would hand them on. Drain3, in its default configuration
and with the lines in memory, gets the beginning of the file, for it would take minutes otherwise.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from bench.figures import Figure, peak_memory
from bench.generate_logs import write
from drain3 import TemplateMiner

from lastgood.algorithms.patterns.miner import Miner
from lastgood.algorithms.patterns.templates import template
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader
from lastgood.telemetry.tables import SHAPE_SQL
from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store

NEEDS = ""
LINES = 3_000_000
DRAIN_LINES = 200_000
HEADER = 3  # words before the message: time, level, service
WHOLE = ("''", "line")  # SQL for service and message
PARTED = (
    "splitByChar(' ', line, 3)[3]",
    "substring(line, position(line, ' ', position(line, ' ', 30) + 1) + 1)",
)
NOW = datetime(2026, 11, 22, tzinfo=UTC)

FROM_TEXT = """
SELECT service, {shape} AS shape, count() AS lines, min(message) AS low, max(message) AS high
FROM (SELECT {service} AS service, {message} AS message FROM file({{path:String}}, LineAsString)
      WHERE cityHash64(line) % 2 = {{half:UInt8}})
GROUP BY service, shape"""
BY_PATTERN = """
SELECT service, pattern, sum(lines) AS lines
FROM (SELECT service, shape, count() AS lines FROM lg_lines GROUP BY service, shape) AS counted
GLOBAL LEFT JOIN (SELECT service, shape, pattern FROM lg_shapes) AS known USING (service, shape)
GROUP BY service, pattern"""


@dataclass(frozen=True, slots=True)
class Timed:
    """How long something took, by the clock and of all cores, and how many patterns came of it."""

    seconds: float
    cpu_seconds: float
    patterns: int


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Lines a second of both, their ratio, and the time of questions to a loaded store."""
    del data
    logs = scratch / "mixed.log"
    write(logs, LINES)
    with throwaway_store() as store:
        yield from _compared(store, logs, "whole lines", WHOLE, limit=50)
        yield from _compared(store, logs, "messages", PARTED)
        load(store, [logs], now=NOW, zone=UTC)
        yield from _stored(store)
    yield Figure("peak memory", peak_memory(), "MB", limit=1536)


def _compared(
    store: Store, logs: Path, given: str, parts: tuple[str, str], limit: float | None = None
) -> Iterator[Figure]:
    text = min((_from_text(store, logs, *parts) for _ in range(3)), key=lambda timed: timed.seconds)
    drain = _drain(logs, 0 if parts is WHOLE else HEADER)
    ours, theirs = LINES / text.seconds, DRAIN_LINES / drain.seconds
    yield Figure(f"{given}: ours", ours, "lines/s", note=f"{text.patterns} patterns, best of 3")
    yield Figure(f"{given}: Drain3", theirs, "lines/s", note=f"{drain.patterns} clusters")
    yield Figure(f"{given}: ratio", ours / theirs, "times", limit=limit, better="more")
    busy = (LINES / text.cpu_seconds) / (DRAIN_LINES / drain.cpu_seconds)
    yield Figure(f"{given}: ratio per CPU second", busy, "times", note="what a busy machine does not change")


def _drain(logs: Path, header: int) -> Timed:
    miner = TemplateMiner()
    with logs.open(encoding="utf-8") as file:
        messages = [line.rstrip("\n").split(" ", header)[header] for line in islice(file, DRAIN_LINES)]
    started, spent = perf_counter(), process_time()
    for message in messages:
        miner.add_log_message(message)
    return Timed(perf_counter() - started, process_time() - spent, len(miner.drain.clusters))


def _from_text(store: Store, logs: Path, service: str, message: str) -> Timed:
    started, spent = perf_counter(), process_time()
    sql = FROM_TEXT.format(service=service, message=message, shape=SHAPE_SQL.format(text="message"))
    services: dict[str, list[dict[str, Any]]] = {}
    # The engine reads one text file as one stream, so each core gets the lines of half the hashes.
    with ThreadPoolExecutor(2) as halves:
        results = list(
            halves.map(lambda half: store.engine.query(sql, {"path": str(logs), "half": half}), (0, 1))
        )
    for row in (row for result in results for row in result.rows):
        services.setdefault(row["service"], []).append(row)
    patterns = sum(_mined(rows) for rows in services.values())
    return Timed(perf_counter() - started, process_time() - spent, patterns)


def _mined(rows: list[dict[str, Any]]) -> int:
    miner = Miner()
    keys = miner.learn(row["low"] for row in rows)
    samples: dict[str, list[str]] = {}
    for key, row in zip(keys, rows, strict=True):
        samples.setdefault(miner.ids[key], []).extend((row["low"], row["high"]))
    return len([template(sorted(texts)) for texts in samples.values()])


def _stored(store: Store) -> Iterator[Figure]:
    holdings, reader = store.survey()
    window = holdings.telemetry_window
    if window is None:
        raise RuntimeError("nothing was loaded")
    best = min((_counted(reader, window) for _ in range(3)), key=lambda timed: timed.seconds)
    note = f"{best.patterns} patterns, best of 3"
    yield Figure("count every pattern of the loaded store", best.seconds, "s", note=note)
    yield Figure(
        "count every pattern, loaded: rate", LINES / best.seconds, "lines/s", note="shapes are stored"
    )


def _counted(reader: Reader, window: Window) -> Timed:
    started, spent = perf_counter(), process_time()
    rows = reader.query(BY_PATTERN, {}, window)
    return Timed(perf_counter() - started, process_time() - spent, len(rows))
