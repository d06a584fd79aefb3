"""Archive limits: what one archive may unpack to, with those inside it, and where its members are put down.

At most MOST_MEMBERS members, ARCHIVE_BYTES bytes, and MOST_RATIO times its own size once that is more than
FREE_BYTES. A member goes into a private folder under a number, never under its own name, so that nothing can be
written elsewhere.
"""

import os
import tarfile
import zipfile
from calendar import timegm
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lastgood.decoding.input import UNREADABLE, Input

MOST_MEMBERS = 50_000
ARCHIVE_BYTES = 4 << 30
FREE_BYTES = 256 << 20
MOST_RATIO = 250
PIECE = 1 << 16

BROKEN = (*UNREADABLE, tarfile.TarError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)
# What is older has no true time (archives made to be reproducible), nor has what is younger.
_TRUE_TIMES = (timegm((2000, 1, 1, 0, 0, 0)), timegm((2100, 1, 1, 0, 0, 0)))


class NotTakenError(Exception):
    """Nothing more is taken from an archive; the text says why."""


@dataclass
class Opening:
    """One archive being unpacked, with those inside it, under the same limits."""

    spool: Path
    size: int
    _members: int = 0
    _bytes: int = 0
    _serial: int = 0

    def counted(self) -> None:
        """Count a member."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise NotTakenError(f"more than {MOST_MEMBERS} members are not read")

    def took(self, size: int) -> None:
        """Count unpacked bytes."""
        self._bytes += size
        if self._bytes > ARCHIVE_BYTES:
            raise NotTakenError(f"more than {ARCHIVE_BYTES >> 30} GiB unpacked are not read")
        if self._bytes > max(FREE_BYTES, MOST_RATIO * self.size):
            raise NotTakenError(f"it unpacks to more than {MOST_RATIO} times its size")

    def next_place(self) -> Path:
        """Where the next member goes."""
        self._serial += 1
        return self.spool / str(self._serial)

    def put_down(self, stream: IO[bytes], name: str, changed: float, *, place: Path, count: bool) -> Input:
        """A member's bytes in a file of the private folder."""
        with place.open("xb") as file:
            while piece := stream.read(PIECE):
                if count:
                    self.took(len(piece))
                file.write(piece)
        if _TRUE_TIMES[0] <= changed < _TRUE_TIMES[1]:
            os.utime(place, (changed, changed))
        return Input(None, name, spool=place)
