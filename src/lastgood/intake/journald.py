"""journald's export format: entries of KEY=value lines, with binary fields, divided by blank lines.

Read as systemd documents it (systemd.io, Journal Export Formats). `journalctl -o json` is JSON lines,
and `-o short` is syslog: those are read as such.
"""

import struct
from collections.abc import Iterator
from datetime import UTC
from itertools import chain, islice
from typing import IO

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import UNREADABLE, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.lines import Block, block_of, clean
from lastgood.decoding.text.plan import SAMPLE, Plan
from lastgood.decoding.text.structured import JSON_LINES
from lastgood.decoding.whole import LIMIT, PIECE
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

ENTRIES = 20_000  # in one block
LARGEST = 16 * 1024 * 1024  # bytes of one field; a larger one is a broken length
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
# How the journal keeps itself, of no use to anyone who asks what happened.
_OWN = ("__CURSOR", "__MONOTONIC_TIMESTAMP", "__SEQNUM", "__SEQNUM_ID", "_BOOT_ID", "_MACHINE_ID", "_CAP_EFFECTIVE",
        "_SYSTEMD_INVOCATION_ID", "_SELINUX_CONTEXT", "_RUNTIME_SCOPE")  # fmt: skip


def recognise(given: Input) -> Claim | None:
    """A file whose first entry has a cursor and a time."""
    head = given.head[:4096]
    if head.startswith(b"__") and b"__REALTIME_TIMESTAMP=" in head:
        return Claim(
            "journald export", 0.9, "the first entry has the fields __CURSOR and __REALTIME_TIMESTAMP"
        )
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The entries; a broken one ends the reading, as nothing says where the next begins."""
    del claim
    first = 1
    with given.open() as stream:
        found = _blocks(stream)
        begin = list(islice(found, 1))
        decoder = decoder_for(given, _plan(begin[0][0] if begin else []), settings)
        for rows, problem in chain(begin, found):
            yield from decoder.read(_block(rows, first))
            first += len(rows)
            if problem:
                yield Reject(first, problem, "")
                yield Tally(lines=1)
    yield from decoder.end()


def _plan(rows: list[dict[str, str]]) -> Plan:
    """How the messages of entries like these are read."""
    return planned(_block(rows[:SAMPLE], 1).lines, _ANY_TIME) or Plan((JSON_LINES,), 1.0, 1)


def _block(rows: list[dict[str, str]], first: int) -> Block:
    return block_of(clean(b"".join(json_text(row) + b"\n" for row in rows)), first)


def _blocks(stream: IO[bytes]) -> Iterator[tuple[list[dict[str, str]], str]]:
    rows: list[dict[str, str]] = []
    weight = 0
    entries = _entries(stream)
    while True:
        try:
            row = next(entries, None)
        except (*UNREADABLE, ValueError) as problem:
            yield rows, f"the export is broken here: {problem}"
            return
        if row is None:
            break
        rows.append(row)
        weight += sum(map(len, row.values()))
        if len(rows) == ENTRIES or weight >= PIECE:
            yield rows, ""
            rows, weight = [], 0
    if rows:
        yield rows, ""


def _entries(stream: IO[bytes]) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    weight = 0
    while line := stream.readline(LARGEST):
        text = line.rstrip(b"\n")
        if not text:
            if entry:
                yield entry
            entry, weight = {}, 0
            continue
        key, equals, value = text.partition(b"=")
        name = key.decode("ascii", "replace")
        if not equals:
            value = _binary(stream)
        weight += len(name) + len(value)
        if weight > LIMIT:
            raise ValueError(f"an entry of more than {LIMIT} bytes")
        if name not in _OWN:
            entry[name] = value.decode("utf-8", "replace")
    if entry:
        yield entry


def _binary(stream: IO[bytes]) -> bytes:
    size = stream.read(8)
    if len(size) < 8:
        raise ValueError("a length is cut off")
    (count,) = struct.unpack("<Q", size)
    if count > LARGEST:
        raise ValueError(f"a field of {count} bytes")
    value = stream.read(count)
    if len(value) < count or stream.read(1) not in {b"\n", b""}:
        raise ValueError("a field is cut off")
    return value


SOURCE = Source("journald", frozenset({Signal.LOGS}), recognise, decode)
