"""A folder that holds so many bytes and no more, like a volume: what is too much is `No space left on device`."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opentelemetry import metrics


class Disk:
    """The volume that a service writes to."""

    def __init__(self, folder: Path, size: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._size = folder, size
        meter = metrics.get_meter("disk")
        meter.create_observable_gauge("system.filesystem.utilization", [self._utilization])

    def append(self, name: str, line: str) -> None:
        """Add a line to a file.

        Raises:
            OSError: the volume is full.
        """
        if self._used() + len(line) + 1 > self._size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
        with (self._folder / name).open("a") as out:
            out.write(line + "\n")

    def _used(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def _utilization(self, _: Any) -> Iterable[metrics.Observation]:
        yield metrics.Observation(self._used() / self._size, {"system.filesystem.mountpoint": "/data"})
