"""How long a person waits: `lastgood --help`, and `lastgood triage` of 10 MB of logs, cold."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.figures import Figure

NEEDS = ""
MEGABYTES = 10
LASTGOOD = [sys.executable, "-m", "lastgood"]


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The best of five starts, and one triage of a folder no one has read yet."""
    del data
    waits = [_seconds([*LASTGOOD, "--help"]) for _ in range(5)]
    yield Figure("lastgood --help", min(waits), "s", limit=0.2, note="best of 5")
    logs = scratch / "app.log"
    generate = [sys.executable, "-m", "bench.generate_logs", str(logs), "--lines", "100000"]
    subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
    _cut(logs)
    wait = _seconds([*LASTGOOD, "triage", str(scratch)])
    yield Figure("lastgood triage, 10 MB of logs", wait, "s", limit=3, note="one process, nothing warm")


def _cut(logs: Path) -> None:
    text = logs.read_bytes()[: MEGABYTES * 10**6]
    logs.write_bytes(text[: text.rindex(b"\n") + 1])


def _seconds(command: list[str]) -> float:
    started = perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started
