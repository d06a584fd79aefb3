"""Drills: does a good player score high in each and a bad one low, and do the tools show in each what is to be found?

Each drill is drawn up to its page, stored and triaged, as for a trainee. Found is a drill whose card proposes one of the right
mitigations, or names the change at fault as likely; of one without an incident, whose card confirms none.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

NEEDS = ""
TESTS = Path(__file__).parents[1] / "tests"


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The lowest score of the good player, the highest of the bad one, and the share that is found."""
    del data, scratch
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "drills_played"]
    said = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    ).stdout
    rows = [line.split("\t") for line in said.splitlines()]
    note = f"{len(rows)} drills"
    yield Figure("lowest score of the good player", min(float(row[1]) for row in rows), "", 90, "more", note)
    yield Figure("highest score of the bad player", max(float(row[2]) for row in rows), "", 25, "less", note)
    missed = [row[0] for row in rows if row[3] != "found"]
    share = 1 - len(missed) / len(rows)
    yield Figure(
        "found by the card", share, "", 0.9, "more", f"missed: {', '.join(missed)}" if missed else note
    )
