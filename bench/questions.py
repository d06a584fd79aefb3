"""How long each question takes over a store of 2 million spans and 2 million log lines, cold and warm.

Cold is the first time in a process; the store's files may be in the machine's cache. `SPANS=10000000 make bench` asks more of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

NEEDS = ""
SPANS = 2_000_000
ASK = """
import json, sys, time
from datetime import UTC, datetime
from bench.figures import peak_memory
from lastgood.workbench.ask import ask, questions
from lastgood.workbench.store import kept_store
from lastgood.workbench.triage import triage
now = datetime(2026, 3, 2, 8, 5, tzinfo=UTC)
def timed(work):
    started, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - cpu
with kept_store("chdb://" + sys.argv[1]) as store:
    seconds = {"all questions, cold": timed(lambda: triage(store, now=now))}
    seconds["all questions, warm"] = timed(lambda: triage(store, now=now))
    for one in questions():
        needed = f"{one.name}, with what it builds on"
        seconds[needed] = timed(lambda: ask(store, one.name, now=now))
print(json.dumps({"seconds": seconds, "memory": peak_memory()}))
"""


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Seconds of all questions together and of each, and the peak memory."""
    del data
    spans = int(os.environ.get("SPANS", str(SPANS)))
    store = scratch / "store"
    size = ["--spans", str(spans), "--lines", str(spans)]
    subprocess.run([sys.executable, "-m", "bench.generate_spans", str(store), *size], check=True)
    said = subprocess.run(
        [sys.executable, "-c", ASK, str(store)], check=True, stdout=subprocess.PIPE, text=True
    )
    measured = json.loads(said.stdout.splitlines()[-1])
    limits = {"all questions, cold": 10, "all questions, warm": 5}
    for name, (seconds, cpu) in measured["seconds"].items():
        yield Figure(name, seconds, "s", limit=limits.get(name), note=f"{cpu:.2f} s of CPU")
    yield Figure("spans, and as many log lines", spans)
    yield Figure("peak memory", measured["memory"], "MB", limit=2048)
