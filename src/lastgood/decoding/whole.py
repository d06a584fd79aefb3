"""Whole: what must be in memory at once to be read, a document or a line, up to a limit; never a byte beyond it."""

import io
import lzma
import zlib
from collections.abc import Iterator
from typing import IO, Any

import orjson
import pyarrow as pa

# Unpacked bytes of one document or line. Values take 8 (spans) to 30 (empty objects) times the room of their text:
# measured, 1 GB for the documents that are met and 4 GB for the worst that can be made of it.
LIMIT = 128 * 1024 * 1024
PIECE = 16 * 1024 * 1024

# What a stream raises when its compression is cut off or broken.
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, pa.ArrowException)


class TooLargeError(OSError):
    """A document or line goes on beyond LIMIT."""

    def __init__(self, what: str) -> None:
        size = f"{LIMIT >> 20} MiB" if LIMIT >> 20 else f"{LIMIT} bytes"
        super().__init__(f"{what} is larger than {size} once unpacked; split it or load it as lines")


def broken(problem: BaseException) -> OSError:
    """A broken stream's problem as the one class that loading expects."""
    return problem if isinstance(problem, OSError) else OSError(str(problem) or type(problem).__name__)


def read_whole(stream: IO[bytes]) -> tuple[bytes, OSError | None]:
    """All bytes that a stream gives, and what broke it before its end.

    Raises:
        TooLargeError: there are more than LIMIT.
    """
    content, problem = up_to(stream, LIMIT + 1)
    if len(content) > LIMIT:
        raise TooLargeError("the document")
    return content, problem


def up_to(stream: IO[bytes], most: int) -> tuple[bytes, OSError | None]:
    """So many bytes of a stream, or all that there are, and what broke it before."""
    parts = bytearray()
    read = getattr(stream, "read1", stream.read)  # which gives what there is before it fails
    try:
        while len(parts) < most and (part := read(min(1 << 20, most - len(parts)))):
            parts += part
    except BROKEN as problem:
        return bytes(parts), broken(problem)
    return bytes(parts), None


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream, newlines included.

    Raises:
        TooLargeError: a line is longer than LIMIT.
        OSError: the stream broke off.
    """
    try:
        while line := stream.readline(LIMIT + 1):
            yield _checked(line)
    except BROKEN as problem:
        raise broken(problem) from None


def _checked(line: bytes) -> bytes:
    if len(line) > LIMIT:
        raise TooLargeError("a line")
    return line


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of JSON documents: all at once, or, where JSON lines are more than LIMIT, some lines at a time.

    Raises:
        TooLargeError: one document or line is larger than LIMIT.
        OSError: the stream broke off; what came before that is given out first.
    """
    content, problem = up_to(stream, LIMIT + 1)
    if len(content) <= LIMIT:
        yield content
    elif _begins_with_a_document(content):
        yield from _grouped(_lines_from(content, stream))
    else:
        raise TooLargeError("the document")
    if problem is not None:
        raise problem


def _begins_with_a_document(content: bytes) -> bool:
    """Whether its first line with anything in it is a JSON document by itself."""
    begin = len(content) - len(content.lstrip())
    end = content.find(b"\n", begin)
    try:
        orjson.loads(content[begin:end] if end > 0 else b"")
    except orjson.JSONDecodeError:
        return False
    return True


def _lines_from(content: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    for line in io.BytesIO(content):
        yield line if line.endswith(b"\n") else _checked(line + stream.readline(LIMIT + 1 - len(line)))
    yield from lines(stream)


def _grouped(found: Iterator[bytes]) -> Iterator[bytes]:
    group = bytearray()
    try:
        for line in found:
            group += line
            if len(group) >= PIECE:
                yield bytes(group)
                group.clear()
    except BROKEN as problem:
        yield bytes(group)
        raise broken(problem) from problem
    yield bytes(group)


class Rationed(io.BufferedIOBase):
    """A stream that gives at most LIMIT bytes between two calls of `renew`: what one row may take."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._used = 0
        self.given = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Some bytes.

        Raises:
            TooLargeError: there were too many since the last row.
        """
        part: bytes = self._stream.read1(size)
        self.given += len(part)
        if self.given - self._used > LIMIT:
            raise TooLargeError("a row")
        return part

    def read(self, size: int | None = -1, /) -> bytes:
        """The same."""
        return self.read1(-1 if size is None else size)

    def renew(self) -> None:
        """A row is complete: the next may be as large."""
        self._used = self.given
