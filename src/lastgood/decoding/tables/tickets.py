"""The first rows of a table whose header may name several columns alike, as Jira's exports do."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lastgood.decoding.input import HEAD

_SAMPLE = 50
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class FirstRows:
    """How a table is separated, the names of its columns as written and as one may tell them apart, and its first rows."""

    delimiter: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Sequence[str], ...]
    header_lines: int


@lru_cache(maxsize=2)
def first_rows(head: bytes) -> FirstRows | None:
    """None where no header has rows of its width below it."""
    text = head[: HEAD // 4].decode("utf-8-sig", "replace")
    line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=line.count)
    if not line.count(delimiter) or "\0" in text:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next(reader)
        height = reader.line_num
        rows = [row for _, row in zip(range(_SAMPLE + 1), reader, strict=False) if row]
    except csv.Error:
        return None
    if len(rows) > 1 and (len(rows) > _SAMPLE or len(head) > HEAD // 4):
        rows.pop()  # it may be cut
    if len(header) < 3 or not rows or any(len(row) != len(header) for row in rows):
        return None
    return FirstRows(
        delimiter,
        tuple(header),
        tuple(f"{n}" for n in range(len(header))),
        tuple(tuple(row) for row in rows),
        height,
    )
