"""Logs from plain text to queryable: read, parsed, stored with their shapes, in a store that is kept.

Ten times the file must cost at most eleven times the time, at the same memory: `TENFOLD=1 make bench`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

NEEDS = ""
LINES = 3_000_000
LOAD = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from bench.figures import peak_memory
from lastgood.workbench.load import load
from lastgood.workbench.store import saved_store
started = time.perf_counter()
with saved_store("chdb://" + sys.argv[2]) as store:
    report = load(store, [Path(sys.argv[1])], now=datetime(2026, 11, 22, tzinfo=UTC), zone=UTC)
    (loaded,) = report.inputs
    stored = store.engine.query(
        f"SELECT count() AS n, uniqExact(Shape) AS shapes FROM {store.engine.database}.otel_logs"
    ).rows[0]
print(json.dumps({
    "seconds": time.perf_counter() - started, "memory": peak_memory(), "lines": loaded.lines,
    "events": loaded.events, "rejects": loaded.rejects, **stored,
}))
"""


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Lines a second, peak memory, and whether both hold for ten times as much."""
    del data
    once = _loaded(scratch, LINES)
    yield Figure("lines", once["lines"], note=f"{once['rejects']:.0f} rejected, {once['n']:.0f} rows stored")
    yield Figure("lines a second", once["lines"] / once["seconds"], "/s", limit=250_000, better="more")
    yield Figure("time", once["seconds"], "s", note="opening and closing the store included")
    yield Figure("peak memory", once["memory"], "MB", limit=1536)
    yield Figure("distinct shapes", once["shapes"])
    if os.environ.get("TENFOLD"):
        tenfold = _loaded(scratch, 10 * LINES)
        yield Figure("time for ten times as much", tenfold["seconds"] / once["seconds"], "times", limit=11)
        yield Figure("memory for ten times as much", tenfold["memory"], "MB", limit=1536)


def _loaded(scratch: Path, lines: int) -> dict[str, float]:
    logs, store = scratch / f"{lines}.log", scratch / f"{lines}.store"
    generate = [sys.executable, "-m", "bench.generate_logs", str(logs), "--lines", str(lines)]
    subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-c", LOAD, str(logs), str(store)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    logs.unlink()
    measured: dict[str, float] = json.loads(said.splitlines()[-1])
    return measured
