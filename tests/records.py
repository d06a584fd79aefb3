"""Records for tests: both kinds of database, a clock that is set, and writers in processes."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def ticking(start: datetime = START, step: timedelta = timedelta(seconds=1)) -> Callable[[], datetime]:
    """A clock that moves on by a step at every look."""
    now = start - step

    def clock() -> datetime:
        nonlocal now
        now += step
        return now

    return clock


# Writes notes until it is killed, or as many as it was asked to; says each sequence once it is acknowledged.
_WRITER = """
import sys
from lastgood.incidents.record import open_record
from lastgood.model.clock import system_clock
from lastgood.model.entry import Noted

url, incident, name, most = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with open_record(url, system_clock) as record:
    for number in range(most):
        entry = record.append(incident, Noted(f"{name} {number}"), actor=name)
        sys.stdout.write(f"{entry.sequence}\\n")
        sys.stdout.flush()
"""


def writer(url: str, incident: int, name: str, most: int) -> "subprocess.Popen[str]":
    """A process that appends notes and prints the sequence of each as soon as it is acknowledged."""
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, url, str(incident), name, str(most)],
        stdout=subprocess.PIPE,
        text=True,
    )
