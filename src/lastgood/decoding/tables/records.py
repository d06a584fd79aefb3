"""Records: delimited text and JSON read as blocks of named text columns, each record with its line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import IO, Any, cast

import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.decoding.input import REJECT_TEXT, Reject
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.whole import BROKEN, PIECE, Rationed, broken, lines

ROWS = 20_000
DEEPEST = 20
LONGEST_NAME = 1024  # of a column; what is nested under a longer one stays JSON
FIELD_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """How records are written down."""

    format: str  # csv, ndjson or json
    delimiter: str = ","
    header_rows: int = 1
    header_join: str = "|"
    index_row: bool = False  # the row after the header names the first columns and holds no values
    skip_rows: int = 0
    columns: tuple[str, ...] = ()  # names, for files without a header (header_rows = 0)
    records: str = ""  # dotted path to the list inside a JSON document


@dataclass(slots=True)
class Block:
    """Some records: a list of texts per column, and where each record began.

    Absent values are empty texts. `lines` counts what was read to get here: records, the lines that
    they ran over, headers, blanks and rejects.
    """

    columns: dict[str, list[str]]
    places: list[int]
    lines: int = 0
    continuations: int = 0
    blanks: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.places)

    def text(self, row: int) -> str:
        """A record as people can read it."""
        values = ((name, column[row]) for name, column in self.columns.items())
        return ", ".join(f"{name}={value}" for name, value in values if value)[:REJECT_TEXT]


def blocks(stream: IO[bytes], form: Form) -> Iterator[Block]:
    """The records of a stream, ROWS at a time; what was read before a stream breaks comes first.

    Raises:
        OSError: the stream broke off (a truncated archive, a disk that fails).
    """
    match form.format:
        case "csv":
            yield from _delimited(stream, form)
        case "ndjson":
            yield from _lines(stream)
        case _:
            yield from _document(stream, form.records)


def _delimited(stream: IO[bytes], form: Form) -> Iterator[Block]:
    csv.field_size_limit(FIELD_LIMIT)
    rationed = Rationed(stream)
    text = io.TextIOWrapper(cast("IO[bytes]", rationed), "utf-8-sig", "replace", newline="")
    reader = csv.reader(text, delimiter=form.delimiter)
    block = _Rows()
    try:
        block.header(reader, form)
        full = PIECE
        for row in _rows_of(reader, block):
            block.take(row, reader.line_num)
            rationed.renew()
            if len(block.rows) >= ROWS or rationed.given >= full:
                yield block.closed(reader.line_num)
                full = rationed.given + PIECE
    except BROKEN as problem:
        yield block.closed(reader.line_num)
        raise broken(problem) from problem
    finally:
        text.detach()  # the stream is its opener's to close
    yield block.closed(reader.line_num)


def _rows_of(reader: Any, block: "_Rows") -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            block.refuse(reader.line_num, f"not a row: {problem}", "")


class _Rows:
    """Rows of delimited text on their way into a block."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.line = 0  # the last line that was accounted for
        self._start()

    def _start(self) -> None:
        self.rows: list[list[str]] = []
        self.places: list[int] = []
        self.rejects: list[Reject] = []
        self.blanks = self.continuations = 0
        self.began = self.line

    def header(self, reader: Any, form: Form) -> None:
        """Read the names of the columns."""
        for _ in range(form.skip_rows):
            next(reader, None)
        stacked: list[list[str]] = [next(reader, []) for _ in range(form.header_rows)]
        self.names = _stacked_names(stacked, form.header_join) if stacked else list(form.columns)
        if form.index_row:
            index: list[str] = next(reader, [])
            self.names += [""] * (len(index) - len(self.names))
            self.names = [name or old for name, old in zip_longest(index, self.names, fillvalue="")]
        self.names = _unique(self.names)
        self.line = reader.line_num
        self.continuations = self.line

    def take(self, row: list[str], line: int) -> None:
        """Account for one row that ended in a line."""
        first, extra = self.line + 1, line - self.line - 1
        if not row or not any(row):
            self.blanks += line - self.line
            self.line = line
        elif len(row) != len(self.names):
            self.refuse(line, f"{len(row)} fields where the header has {len(self.names)}", ",".join(row))
        else:
            self.rows.append(row)
            self.places.append(first)
            self.continuations += extra
            self.line = line

    def refuse(self, line: int, reason: str, text: str) -> None:
        """Account for a row that cannot be taken; lines that it ran over are continuations of it."""
        self.rejects.append(Reject(self.line + 1, reason, text[:REJECT_TEXT]))
        self.continuations += line - self.line - 1
        self.line = line

    def closed(self, line: int) -> Block:
        """What was gathered, as a block; lines begun and never ended are one reject."""
        if line > self.line:
            self.refuse(line, "the file ends inside this row", "")
        columns = dict(zip(self.names, map(list, zip(*self.rows, strict=True)), strict=False))
        block = Block(
            columns or {name: [] for name in self.names},
            self.places,
            self.line - self.began,
            self.continuations,
            self.blanks,
            self.rejects,
        )
        self._start()
        return block


def _stacked_names(rows: list[list[str]], join: str) -> list[str]:
    """One name a column out of several header rows; an empty cell repeats the one to its left."""
    width = max(map(len, rows), default=0)
    filled: list[list[str]] = []
    for row in rows:
        cells = list(row) + [""] * (width - len(row))
        if len(rows) > 1:
            for place in range(2, width):
                cells[place] = cells[place] or cells[place - 1]
        filled.append(cells)
    return [join.join(part.strip() for part in parts) for parts in zip(*filled, strict=True)]


def _unique(names: list[str]) -> list[str]:
    """Names with a number behind those that occurred before."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return result


def _lines(stream: IO[bytes]) -> Iterator[Block]:
    found = _Objects()
    try:
        for line in lines(stream):
            found.lines += 1
            _one_line(found, line)
            if found.full:
                yield found.closed()
    except BROKEN as problem:
        yield found.closed()
        raise broken(problem) from problem
    yield found.closed()


def _one_line(found: "_Objects", line: bytes) -> None:
    text = line.strip()
    if not text:
        found.blanks += 1
        return
    try:
        found.take(orjson.loads(text), found.place, text)
    except orjson.JSONDecodeError as problem:
        found.refuse(f"not JSON: {problem}", text)


def _document(stream: IO[bytes], path: str) -> Iterator[Block]:
    found = _Objects()
    try:
        for element in elements_of(stream, path):
            found.lines += 1
            if isinstance(element, Reject):
                found.rejects.append(element)
            else:
                found.take(element, found.place, b"")
            if found.full:
                yield found.closed()
    except BROKEN as problem:
        yield found.closed()
        raise broken(problem) from problem
    yield found.closed()


class _Objects:
    """JSON objects on their way into a block."""

    def __init__(self) -> None:
        self.place = 0
        self._start()

    def _start(self) -> None:
        self.records: list[dict[str, str]] = []
        self.places: list[int] = []
        self.rejects: list[Reject] = []
        self._lines = self.blanks = self._weight = 0

    @property
    def full(self) -> bool:
        return len(self.records) >= ROWS or self._weight >= PIECE

    @property
    def lines(self) -> int:
        return self._lines

    @lines.setter
    def lines(self, value: int) -> None:
        self.place += value - self._lines
        self._lines = value

    def take(self, record: Any, place: int, text: bytes) -> None:
        if isinstance(record, dict):
            flat = flattened(record)
            self._weight += sum(map(len, flat.values()))
            self.records.append(flat)
            self.places.append(place)
        else:
            self.refuse("not an object", text or json_text(record))

    def refuse(self, reason: str, text: bytes) -> None:
        self.rejects.append(Reject(self.place, reason, text[:REJECT_TEXT].decode("utf-8", "replace")))

    def closed(self) -> Block:
        names = dict.fromkeys(name for record in self.records for name in record)
        columns = {name: [record.get(name, "") for record in self.records] for name in names}
        block = Block(columns, self.places, self._lines, 0, self.blanks, self.rejects)
        self._start()
        return block


def flattened(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """An object's values as text under dotted names; lists, and objects DEEPEST down, stay JSON text."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth < DEEPEST and len(prefix) + len(key) < LONGEST_NAME:
            flat |= flattened(value, f"{prefix}{key}.", depth + 1)
        else:
            flat[f"{prefix}{key}"] = as_text(value)
    return flat


def as_text(value: Any) -> str:
    """A JSON value as text: nothing for null, true and false in JSON's spelling."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, list | dict):
        return str(value)
    return json_text(value).decode()
