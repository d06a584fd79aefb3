"""Under way: which bodies are being stored and have no answer yet, in a file for each signal beside an embedded store.

After `kill -9` a sender sends again what was not answered. Whether it was stored is then known by the number of rows: one
insert of a signal runs at a time, and the file says how many rows were there before and how many the insert adds.
"""

import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lastgood.model.signal import TELEMETRY, Signal
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.partitions import rows_held

DIGEST = 16  # bytes
_HEAD = struct.Struct("<QQI")  # rows before the insert, rows of it, bodies that were stored before it
_ENTRY = DIGEST + 1  # the digest, and 1 once it is answered


@dataclass(slots=True)
class _Noted:
    """What is in the file of a signal."""

    path: Path
    places: dict[bytes, list[int]] = field(default_factory=dict)  # in the file, of bodies without an answer
    current: int = 0  # from where on they are of the last insert
    stored: bool = False


class UnderWay:
    """Kept on disk while the server runs. Any thread may use it; inserts of one signal come one after the other."""

    def __init__(self, engine: Engine, folder: Path | None) -> None:
        """Ask `engine`; without a folder, of a store elsewhere, nothing is noted."""
        self._engine = engine
        self._guard = threading.Lock()
        self._noted = {one: _Noted(folder / f"under-way-{one}") for one in TELEMETRY} if folder else {}

    def begin(self, signal: Signal, digests: Sequence[bytes], rows: int) -> None:
        """Note what the next insert of a signal is made of, after what the last one stored and not reported yet."""
        noted = self._noted.get(signal)
        if noted is None:
            return
        before = rows_held(self._engine, signal)
        with self._guard:
            open_ = noted.places.items() if noted.stored else ()
            carried = [digest for digest, places in open_ for place in places if place >= noted.current]
            every = [*carried, *digests]
            new = noted.path.with_suffix(".new")
            head = _HEAD.pack(before, rows, len(carried))
            new.write_bytes(head + b"".join(digest + b"\0" for digest in every))
            new.replace(noted.path)
            noted.places, noted.stored = _places(every), False
            noted.current = _HEAD.size + len(carried) * _ENTRY

    def done(self, signal: Signal) -> None:
        """Note that the insert is on disk."""
        if noted := self._noted.get(signal):
            noted.stored = True

    def answered(self, signal: Signal, digest: bytes) -> None:
        """Note that a sender is answered now: from here on the same body is another one."""
        noted = self._noted.get(signal)
        if noted is None or digest not in noted.places:
            return
        with self._guard:
            places = noted.places.get(digest)
            if not places:
                return
            with noted.path.open("r+b") as file:
                file.seek(places.pop() + DIGEST)
                file.write(b"\1")

    def recalled(self) -> dict[Signal, list[bytes]]:
        """The digests of bodies that were stored and not answered when the last server ended."""
        return {signal: self._recalled(signal, noted) for signal, noted in self._noted.items()}

    def _recalled(self, signal: Signal, noted: _Noted) -> list[bytes]:
        try:
            content = noted.path.read_bytes()
            before, rows, carried = _HEAD.unpack_from(content)
        except (FileNotFoundError, struct.error):
            return []
        entries = [content[at : at + _ENTRY] for at in range(_HEAD.size, len(content), _ENTRY)]
        if rows_held(self._engine, signal) != before + rows:
            entries = entries[:carried]  # the last insert was not, or not wholly, stored
        found = {number: entry[:DIGEST] for number, entry in enumerate(entries) if entry[DIGEST:] == b"\0"}
        for number, digest in found.items():
            noted.places.setdefault(digest, []).append(_HEAD.size + number * _ENTRY)
        noted.stored = True
        return list(found.values())


def _places(digests: Sequence[bytes]) -> dict[bytes, list[int]]:
    places: dict[bytes, list[int]] = {}
    for number, digest in enumerate(digests):
        places.setdefault(digest, []).append(_HEAD.size + number * _ENTRY)
    return places
