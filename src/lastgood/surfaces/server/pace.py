"""Pace: how late the event loop comes to what is due, in all, and apart from the time in which the machine gave it no CPU.

Python gives a thread that waits for the interpreter its turn after a switch interval. The default, 5 ms, is long for an
event loop beside threads that decode: it waits so long after every call that lets go of the interpreter.
"""

import asyncio
import sys
import threading
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from time import monotonic

SWITCH_SECONDS = 0.0005
EVERY = 0.02  # seconds between two looks
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0)  # seconds


class Delays:
    """How many delays were of which length, as a histogram of Prometheus."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(BOUNDS, seconds)] += 1
        self._sum += seconds

    def lines(self, name: str) -> list[str]:
        """The lines of a histogram in Prometheus' text."""
        found, total = list[str](), 0
        for bound, count in zip((*BOUNDS, "+Inf"), self._counts, strict=True):
            total += count
            found.append(f'{name}_bucket{{le="{bound}"}} {total}')
        return [*found, f"{name}_sum {self._sum}", f"{name}_count {total}"]


class Pace:
    """Keeps and measures it while it runs. To be used in one event loop."""

    def __init__(self) -> None:
        self.delays = Delays()
        self.own = Delays()  # without the time in which the thread was ready and had no CPU

    async def run(self) -> None:
        """Let the event loop wait less for threads that compute, and look at intervals, until cancelled."""
        sys.setswitchinterval(SWITCH_SECONDS)
        starved = _starved()
        while True:
            due, before = monotonic() + EVERY, starved()
            await asyncio.sleep(EVERY)
            late = max(0.0, monotonic() - due)
            self.delays.add(late)
            self.own.add(max(0.0, late - (starved() - before)))


def _starved() -> Callable[[], float]:
    """The seconds in which this thread waited for a CPU, as Linux counts them; always 0 elsewhere."""
    place = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")

    def seconds() -> float:
        try:
            return int(place.read_bytes().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0

    return seconds
