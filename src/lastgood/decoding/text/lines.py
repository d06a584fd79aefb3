"""Lines: any bytes as blocks of whole, clean lines; what was cut off says so.

Clean means: valid UTF-8, no NULs, no terminal colours, no carriage returns before newlines. A line longer than
LINE_LIMIT is cut there and ends in a note of how much is missing, so memory stays bounded.
All of it is done line by line: the result does not depend on how the bytes arrive.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lastgood.decoding.input import UNREADABLE

BLOCK = 16 * 1024 * 1024
LINE_LIMIT = 1024 * 1024

_COLOURS = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[()][0-9A-Za-z])")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NEWLINE = ord("\n")


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: line i is data[offsets[i]:offsets[i + 1]], its newline included."""

    data: bytes
    offsets: npt.NDArray[np.int32]
    first: int  # number of its first line, from 1

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lines(self) -> pa.Array:
        """The lines as a binary array over the same memory."""
        buffers = [None, pa.py_buffer(self.offsets), pa.py_buffer(self.data)]
        return pa.Array.from_buffers(pa.binary(), len(self), buffers)

    def text(self, start: int, end: int) -> bytes:
        """Lines start..end, the last newline left off."""
        return self.data[self.offsets[start] : self.offsets[end]].removesuffix(b"\n")


def blocks(stream: IO[bytes], size: int = BLOCK) -> Iterator[Block]:
    """The lines of a stream, about `size` bytes at a time."""
    first = 1
    for raw in _whole_lines(_as_utf8(stream), size):
        whole = raw.removeprefix(codecs.BOM_UTF8) if first == 1 else raw
        block = block_of(clean(whole), first)
        first += len(block)
        yield block


def block_of(data: bytes, first: int = 1) -> Block:
    """A block of clean bytes that end in a newline (one is added where it is missing)."""
    if data and not data.endswith(b"\n"):
        data += b"\n"
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE).astype(np.int32) + np.int32(1)
    return Block(data, np.concatenate([np.zeros(1, np.int32), ends]), first)


def clean(raw: bytes) -> bytes:
    """Whole lines as valid UTF-8 without NULs, colours and carriage returns before newlines."""
    if b"\0" in raw:
        raw = raw.replace(b"\0", b"")
    if b"\r\n" in raw:
        raw = re.sub(rb"\r+\n", b"\n", raw)
    if b"\x1b" in raw:
        raw = _COLOURS.sub(b"", raw)
    return valid(raw)


def valid(raw: bytes) -> bytes:
    """The bytes, with every sequence that is not UTF-8 replaced by U+FFFD."""
    if raw.isascii():
        return raw
    try:
        raw.decode()
    except UnicodeDecodeError:
        # Line by line, as a broken sequence must not eat a newline.
        return b"\n".join(line.decode("utf-8", "replace").encode() for line in raw.split(b"\n"))
    return raw


def is_binary(head: bytes) -> bool:
    """Whether these bytes are no text: more than a few control characters that text does not have."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    sample = head[:65536].replace(b"\0", b"") if head[:4096].strip(b"\0") else head[:65536]
    missing = len(head[:65536]) - len(sample)
    return len(_BINARY.findall(sample)) > len(sample) / 50 or missing > len(head[:65536]) / 2


def _as_utf8(stream: IO[bytes]) -> IO[bytes]:
    if not hasattr(stream, "peek"):
        stream = io.BufferedReader(stream)  # type: ignore[type-var]
    start = stream.peek(2)[:2]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", "utf-16", "replace"))
    return stream


def _whole_lines(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """Bytes that end in a newline (but for the last), with over-long lines cut."""
    carry = bytearray()
    lost = 0  # bytes of the line in carry that were dropped
    broken: OSError | None = None
    chunks = _chunks(stream, size)
    while True:
        try:
            chunk = next(chunks, b"")
        except OSError as problem:
            chunk, broken = b"", problem
        if not chunk:
            break
        end = chunk.rfind(b"\n") + 1
        if not end:
            lost = _extend(carry, chunk, lost)
            continue
        first_end = chunk.find(b"\n") + 1
        lost = _extend(carry, chunk[: first_end - 1], lost)
        yield bytes(carry) + _cut_note(lost) + b"\n" + _without_long_lines(chunk[first_end:end])
        carry.clear()
        lost = _extend(carry, chunk[end:], 0)
    if carry:
        yield bytes(carry) + _cut_note(lost)
    if broken is not None:
        raise broken


def _chunks(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """About `size` bytes at a time; what came before a broken place is given out before the error."""
    # A recoder passes `read1` on to the bytes beneath it, which are not recoded.
    recoded = isinstance(stream, codecs.StreamRecoder)
    read = stream.read if recoded else getattr(stream, "read1", stream.read)
    parts = bytearray()
    try:
        while part := read(size - len(parts)):
            parts += part
            if len(parts) >= size:
                yield bytes(parts)
                parts.clear()
    except UNREADABLE as problem:
        if parts:
            yield bytes(parts)
        raise OSError(f"the input is cut off or damaged: {problem}") from problem
    if parts:
        yield bytes(parts)


def _extend(carry: bytearray, chunk: bytes, lost: int) -> int:
    room = LINE_LIMIT - len(carry)
    carry += chunk[:room]
    return lost + max(0, len(chunk) - room)


def _without_long_lines(data: bytes) -> bytes:
    if len(data) <= LINE_LIMIT:
        return data
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE)
    if np.diff(ends, prepend=-1).max() <= LINE_LIMIT + 1:
        return data
    lines = (
        line if len(line) <= LINE_LIMIT else line[:LINE_LIMIT] + _cut_note(len(line) - LINE_LIMIT)
        for line in data.split(b"\n")
    )
    return b"\n".join(lines)


def _cut_note(lost: int) -> bytes:
    return f" … [{lost} more bytes of this line were cut]".encode() if lost else b""
