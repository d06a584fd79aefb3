"""How long a person waits for the room: opened on the demo's incident, and shown with 10,000 entries on the record.

Whole commands, each in a process of its own. Opening is measured from files that no one has read yet, and from a
store that they were loaded into before.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter

from bench.figures import Figure

from lastgood.incidents.record import open_record
from lastgood.model.clock import system_clock
from lastgood.model.entry import Noted, Opened

NEEDS = ""
ENTRIES = 10_000
ROOT = Path(__file__).parents[1]
LASTGOOD = [sys.executable, "-m", "lastgood"]
DEMO = "build/shop"  # where the demo leaves its files
NOW = ["--now", "2026-11-20T15:16Z"]  # as it was on that afternoon


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The best of five each; opened as of the end of the demo."""
    del data
    shown = _shown(scratch)
    yield Figure("lastgood incident show", shown, "s", limit=0.3, note=f"{ENTRIES} entries, best of 5")
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    demo = [sys.executable, "-m", "examples.shop.demo"]
    _waited(demo, scratch, {"PYTHONPATH": path})
    yield Figure("lastgood incident open, files", _opened(scratch, [DEMO]), "s", limit=5, note="best of 5")
    store = {"LASTGOOD_STORE": f"chdb://{scratch / 'store'}"}
    _waited([*LASTGOOD, "load", DEMO], scratch, store)
    yield Figure(
        "lastgood incident open, loaded before", _opened(scratch, [], store), "s", limit=5, note="best of 5"
    )


def _shown(scratch: Path) -> float:
    url = f"sqlite:///{scratch / 'long.db'}"
    with open_record(url, system_clock) as record:
        number = record.open(Opened("Checkout failing"), actor="bench").incident
        for count in range(ENTRIES - 1):
            record.append(number, Noted(f"note {count}"), actor="bench")
    show = [*LASTGOOD, "incident", "show"]
    return min(_waited(show, scratch, {"LASTGOOD_RECORD": url}) for _ in range(5))


def _opened(scratch: Path, paths: list[str], settings: Mapping[str, str] | None = None) -> float:
    """Seconds until the room is there; each time on an empty record."""
    waits = []
    for count in range(5):
        record = scratch / f"opened{len(paths)}{count}.db"
        environment = {"LASTGOOD_RECORD": f"sqlite:///{record}", **(settings or {})}
        command = [*LASTGOOD, "incident", "open", "Checkout failing", *paths, *NOW]
        waits.append(_waited(command, scratch, environment))
    return min(waits)


def _waited(command: list[str], folder: Path, settings: Mapping[str, str]) -> float:
    environment = {**os.environ, **settings}
    started = perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - started
