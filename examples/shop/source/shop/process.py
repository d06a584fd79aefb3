"""What a process uses of its machine, as metrics: processor and memory, from /proc and the process itself."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from opentelemetry import metrics

Observe = Callable[[Any], Iterable[metrics.Observation]]


def cpu() -> Observe:
    """Observes the share of one processor since the last look."""
    seen = [time.perf_counter(), time.process_time()]

    def look(_: Any) -> Iterable[metrics.Observation]:
        before, used = seen
        seen[:] = time.perf_counter(), time.process_time()
        yield metrics.Observation((seen[1] - used) / max(seen[0] - before, 1e-3))

    return look


def memory(_: Any) -> Iterable[metrics.Observation]:
    """Bytes that are resident."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    yield metrics.Observation(pages * os.sysconf("SC_PAGE_SIZE"))


def observe(service: str) -> None:
    """Report both with every export."""
    meter = metrics.get_meter(service)
    meter.create_observable_gauge("process.cpu.utilization", [cpu()])
    meter.create_observable_gauge("process.memory.usage", [memory], "By")
