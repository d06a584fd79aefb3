"""Joined inputs: many small inputs in one insert, each of them stored once.

An insert costs as much as syncing to disk does, so ten thousand small files cannot have one each. What is joined
depends on which files lie beside each other, so a token of the insert does not recognise a file that is loaded
again beside others. Beside the engine's folder lies therefore which inputs were stored; and before rows are
inserted they are written down there, so that a load that was killed is finished by the next one, with the same
tokens: exactly once, whatever happens in between.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from lastgood.errors import LastgoodError
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.tables import StoreTable
from lastgood.telemetry.writer import ROWS_PER_INSERT, Writer, not_stored

SMALL = 2_000  # rows of an input that is joined with others
MOST_BYTES = 64 << 20  # of rows waiting
FOLDER = "joined"
PENDING, DONE = ".pending", ".done"

_Rows = tuple[str, pa.Table]  # for the table of a name


class Joined:
    """The small inputs of one load, on their way into an embedded store."""

    def __init__(self, engine: Engine, store: Path) -> None:
        self._engine = engine
        self._folder = store / FOLDER
        self._folder.mkdir(exist_ok=True)
        for pending in sorted(self._folder.glob(f"*{PENDING}")):
            self._insert(pending)
        self._known = {
            origin for done in self._folder.glob(f"*{DONE}") for origin in json.loads(done.read_text())
        }
        self._waiting: dict[str, list[_Rows]] = {}
        self._rows = 0
        self._bytes = 0

    def add(self, origin: str, rows: list[_Rows]) -> None:
        """Store all rows of an input, now or later; an input that is stored already adds nothing.

        Raises:
            CannotRunError: the rows of several inputs were not stored.
        """
        key = _digest(origin)
        if key in self._known:
            return
        self._known.add(key)
        self._waiting[key] = rows
        self._rows += sum(table.num_rows for _, table in rows)
        self._bytes += sum(table.nbytes for _, table in rows)
        if self._rows >= ROWS_PER_INSERT or self._bytes >= MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Have everything added on disk. Raises as `add` does."""
        waiting, self._waiting, self._rows, self._bytes = self._waiting, {}, 0, 0
        if not waiting:
            return
        name = _digest(*waiting)
        self._insert(_written(self._folder / f"{name}{PENDING}", _packed(waiting)))

    def _insert(self, pending: Path) -> None:
        """Store what is written down, and say that it is."""
        origins, parts = _unpacked(pending.read_bytes())
        done = pending.with_suffix(DONE)
        if not done.exists():
            inserts = [
                (name, rows, self._engine.insert(name, rows, token=f"{pending.stem}/{number}"))
                for number, (name, rows) in enumerate(parts)
            ]
            for name, rows, inserted in inserts:
                try:
                    inserted.result()
                except LastgoodError as problem:
                    raise not_stored(rows.num_rows, name, problem) from problem
            _written(done, json.dumps(origins).encode())
        pending.unlink()


@dataclass
class InputWriter:
    """Writes one input: together with others while it is small, else by itself."""

    engine: Engine
    origin: str
    joined: Joined | None = None
    _held: list[tuple[StoreTable, pa.Table]] = field(default_factory=list)
    _alone: Writer | None = None

    def add(self, table: StoreTable, rows: pa.Table) -> None:
        """Take rows. Raises as `Writer.add` does."""
        self._held.append((table, rows))
        small = self.joined is not None and sum(held.num_rows for _, held in self._held) <= SMALL
        if self._alone is not None or not small:
            self._write_held()

    def close(self, *, whole: bool) -> None:
        """Have the rows stored, or joined if all of the input was read. Raises as `Writer.add` does."""
        if self._alone is None and self.joined is not None and whole:
            if self._held:
                self.joined.add(self.origin, [(table.name, rows) for table, rows in self._held])
            return
        self._write_held()
        if self._alone is not None:
            self._alone.flush()

    def _write_held(self) -> None:
        self._alone = self._alone or Writer(self.engine, self.origin)
        for table, rows in self._held:
            self._alone.add(table, rows)
        self._held.clear()


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\n".join(texts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _packed(waiting: dict[str, list[_Rows]]) -> bytes:
    """The origins, then a stream for each table and kind of columns."""
    alike: dict[tuple[str, str], list[pa.Table]] = {}
    for rows in waiting.values():
        for name, table in rows:
            alike.setdefault((name, str(table.schema)), []).append(table)
    file = io.BytesIO()
    names = [name for name, _ in alike]
    file.write(json.dumps({"origins": list(waiting), "tables": names}).encode() + b"\n")
    for tables in alike.values():
        whole = pa.concat_tables(tables).combine_chunks()
        with pa.ipc.new_stream(file, whole.schema) as stream:
            stream.write_table(whole)
    return file.getvalue()


def _unpacked(content: bytes) -> tuple[list[str], list[_Rows]]:
    file = io.BytesIO(content)
    said = json.loads(file.readline())
    return said["origins"], list(_streams(file, said["tables"]))


def _streams(file: io.BytesIO, names: list[str]) -> Iterator[_Rows]:
    for name in names:
        with pa.ipc.open_stream(file) as stream:
            yield name, stream.read_all()


def _written(place: Path, content: bytes) -> Path:
    """A file that is there whole or not at all, whatever happens to the machine."""
    part = place.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return place
