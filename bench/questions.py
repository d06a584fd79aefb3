"""How long each question takes over a store of millions of spans and as many log lines, cold and warm.

Cold is the first time in a process, the store at rest; its files may be in the machine's cache. `SPANS=10000000 make bench` asks more of it.
Then as much again is stored, a day earlier, and the same window is asked about: what lies outside of it should cost nothing.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure

NEEDS = ""
SPANS = 2_000_000
ASK = """
import json, sys, time
from datetime import UTC, datetime
from bench.figures import peak_memory
from lastgood.model.window import Window
from lastgood.workbench.ask import ask, questions
from lastgood.workbench.store import saved_store
from lastgood.workbench.triage import triage
now = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
asked = Window(datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC))
def timed(work):
    started, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - cpu
with saved_store("chdb://" + sys.argv[1]) as store:
    seconds = {"all questions, cold": timed(lambda: triage(store, now=now, window=asked))}
    warm = sorted((timed(lambda: triage(store, now=now, window=asked)) for _ in range(3)), key=lambda one: one[1])
    seconds["all questions, warm"] = warm[0]
    for one in questions() if sys.argv[2] == "each" else ():
        needed = f"{one.name}, with what it builds on"
        seconds[needed] = timed(lambda: ask(store, one.name, now=now, window=asked))
print(json.dumps({"seconds": seconds, "memory": peak_memory()}))
"""


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Seconds of all questions together and of each, the peak memory, and what more that is stored costs."""
    del data
    spans = int(os.environ.get("SPANS", str(SPANS)))
    store = scratch / "store"
    _generated(store, spans)
    measured = _asked(store, "each")
    limits = {"all questions, cold": 10, "all questions, warm": 5}
    for name, (seconds, cpu) in measured["seconds"].items():
        yield Figure(name, seconds, "s", limit=limits.get(name), note=f"{cpu:.2f} s of CPU")
    yield Figure("spans, and as many log lines", spans)
    yield Figure("peak memory", measured["memory"], "MB", limit=2048)
    _generated(store, spans, "--earlier", "24")
    doubled = _asked(store, "all")
    before, after = (one["seconds"]["all questions, warm"][1] for one in (measured, doubled))
    yield Figure(
        "CPU seconds, warm, with as much again stored a day earlier",
        after / before,
        "times",
        limit=1.1,
        note=f"{after:.2f} s, {before:.2f} s without",
    )


def _generated(store: Path, spans: int, *more: str) -> None:
    size = ["--spans", str(spans), "--lines", str(spans), *more]
    subprocess.run([sys.executable, "-m", "bench.generate_spans", str(store), *size], check=True)


def _asked(store: Path, what: str) -> Any:
    command = [sys.executable, "-c", ASK, str(store), what]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(said.stdout.splitlines()[-1])
