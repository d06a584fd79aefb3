"""What a source of data is: it says whether a file is its own, and decodes it into batches.

A new source is one module in this folder with a `SOURCE`. The folder is the registry.
A decoder never opens sockets and never raises for bad rows: those are `Reject`s, counted and kept.
"""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from lastgood.model.loading import Aside
from lastgood.model.window import Window
from lastgood.telemetry.tables import StoreTable

HEAD = 256 * 1024
PIECE = 64 * 1024
# What reading raises: the disk, and archives that are cut off or damaged.
UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError)
REJECT_TEXT = 2048


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for one table."""

    table: StoreTable
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that could not be taken: where, why, and its text (cut at REJECT_TEXT bytes)."""

    line: int  # from 1; the ordinal of the element for formats without lines
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """An account of lines read: events + continuations + blanks + rejects = lines, always.

    For formats without lines a line is one element (a span, a data point, a commit).
    """

    lines: int = 0
    events: int = 0
    continuations: int = 0  # lines joined to the event before them, and headers of tables
    blanks: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A source's word that a file is its own."""

    format: str  # what exactly, e.g. "log4j", "otlp-json spans"
    confidence: float  # 0..1; the highest claim wins, the source's name decides ties
    because: str


@dataclass(frozen=True)
class Input:
    """One thing to read: a file or a folder (a git repository), or standard input."""

    path: Path | None  # None: standard input
    name: str  # as shown to people
    content: bytes | None = field(default=None, repr=False)  # a member of an archive, or a test's bytes
    spool: Path | None = None  # where a stream or a member of an archive was put down, to be read twice
    problem: str = ""  # why it is not read
    aside: Aside | None = None  # why it is left aside on purpose
    origin: str = ""  # of a member: which archive and place in it, the same whenever it is loaded
    telling: str = ""  # what of its name may say whose it is; all of it when not given
    server: str = ""  # of an access log that nothing names: whose own log lies beside it

    def __post_init__(self) -> None:
        """A name may hold bytes that are no text, which can neither be stored nor shown."""
        object.__setattr__(self, "name", self.name.encode("utf-8", "replace").decode())
        object.__setattr__(self, "telling", self.telling or self.name)

    def open(self) -> IO[bytes]:
        """The decompressed bytes, from the start."""
        raw: IO[bytes] = io.BytesIO(self.content) if self.content is not None else self._file()
        return decompressed(raw)

    def _file(self) -> IO[bytes]:
        place = self.spool or self.path
        if place is None:
            raise FileNotFoundError(f"{self.name} has no content")
        return place.open("rb")

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder rather than something with bytes."""
        return self.path is not None and self.path.is_dir()

    @property
    def size(self) -> int:
        """The bytes before they are decompressed."""
        place = self.spool or self.path
        return len(self.content or b"") if self.content is not None or not place else place.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """The first HEAD decompressed bytes, of a broken archive those before the break; empty for a folder."""
        if self.is_folder:
            return b""
        parts = bytearray()
        with self.open() as stream, suppress(*UNREADABLE):
            while len(parts) < HEAD and (part := stream.read1(HEAD - len(parts))):  # type: ignore[attr-defined]
                parts += part
        return bytes(parts)

    def tail(self, size: int) -> bytes:
        """The last bytes; none of a folder, of what is packed or cannot be read."""
        if self.is_folder:
            return b""
        with suppress(*UNREADABLE), self.open() as stream:
            if not isinstance(stream, _Unpacked):
                stream.seek(max(0, self.size - size))
                return stream.read(size)
        return b""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a decoder may need to know that is not in the bytes."""

    now: datetime
    zone: tzinfo  # of times that do not say theirs
    year: int | None = None  # of times that do not say theirs
    service: str = ""  # when nothing in the data says whose it is
    telemetry: Window | None = None  # what was loaded before covers, for sources that are late
    services: tuple[str, ...] = ()  # whom it comes from, for the same
    order: str = ""  # of dates of numbers alone, where it is known


Decoded = Iterator[Batch | Reject | Tally]


class _Pieces(io.RawIOBase):
    """A decompressed stream in small pieces: an archive that is cut off gives what came before the cut."""

    def __init__(self, stream: Any) -> None:
        self._read = getattr(stream, "read1", stream.read)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, room: Any) -> int:
        """Fill some of the room."""
        piece = self._read(min(len(room), PIECE))
        room[: len(piece)] = piece
        return len(piece)


class _Unpacked(io.BufferedReader):
    """A decompressed stream that also closes what it reads from."""

    def __init__(self, raw: Any, beneath: IO[bytes]) -> None:
        super().__init__(_Pieces(raw), PIECE)
        self._beneath = beneath

    def close(self) -> None:
        """Close both."""
        super().close()
        self._beneath.close()


def decompressed(stream: IO[bytes]) -> IO[bytes]:
    """A stream that undoes gzip, bzip2, xz or Zstandard, found by its first bytes."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    try:
        magic = buffered.peek(6)[:6]
    except OSError:
        buffered.close()
        raise
    if magic.startswith(b"\x1f\x8b"):
        return _Unpacked(gzip.GzipFile(fileobj=buffered), buffered)
    if magic.startswith(b"BZh"):
        return _Unpacked(bz2.BZ2File(buffered), buffered)
    if magic.startswith(b"\xfd7zXZ\x00"):
        return _Unpacked(lzma.LZMAFile(buffered), buffered)
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        return _Unpacked(pa.CompressedInputStream(buffered, "zstd"), buffered)
    return buffered
