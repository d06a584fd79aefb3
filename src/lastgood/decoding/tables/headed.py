"""Delimited text under a header: how it is separated, its first rows by column, and the rule that reads it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from functools import lru_cache

import pyarrow as pa

from lastgood.algorithms.identity import PODS
from lastgood.algorithms.timestamps import NAT, Reference, parse_times
from lastgood.decoding.instants import guessed_epoch, iso
from lastgood.decoding.tables.mapping import FileRule, Pick, Picks, Wide
from lastgood.decoding.tables.records import FIELD_LIMIT, Form

SAMPLE = 50
EVENT_VIEWER = ["level", "date and time", "source", "event id", "task category"]
DELIMITERS = ",;\t|"
LEAST = 12  # characters of a text with a date and a time
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


@lru_cache(maxsize=2)  # every source of tables looks at the same first bytes
def sampled(head: bytes) -> tuple[str, dict[str, list[str]]] | None:
    """The delimiter and the first rows, a list of texts per column; None where no header names columns of their own.

    The first may have no name: it names or numbers the rows.
    """
    text = head.decode("utf-8-sig", "replace")
    lines = text.splitlines()[: SAMPLE + 1]
    if len(lines) < 2 or "\0" in text[:4096]:
        return None
    delimiter = max(DELIMITERS, key=lines[0].count)
    try:
        header, *rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    except (csv.Error, ValueError):
        return None
    header, rows = (
        [name.strip() for name in header],
        [row for row in rows if row],
    )  # as the rule's reader has it
    if len(head) >= len(text.encode()) and len(rows) > 1 and len(rows[-1]) != len(header):
        rows = rows[:-1]
    if len(header) < 2 or len(set(header)) < len(header) or not rows:
        return None
    nameless = any(not name.strip() for name in header[1:]) or any(map(is_number, header))
    if [*map(str.lower, header)] == EVENT_VIEWER and all(len(row) == len(header) + 1 for row in rows):
        header = [*header, "Message"]  # Windows' Event Viewer leaves it out of its header
    if nameless or any(len(row) != len(header) for row in rows):
        return None
    return delimiter, dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def rows_in(text: str, delimiter: str) -> Iterator[tuple[int, int, list[str] | str]]:
    """The rows of delimited text: first line, number of lines, and the cells, or why there are none."""
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    last = 0
    while True:
        found: list[str] | str
        try:
            found = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as problem:
            found = f"not a row: {problem}"
        yield last + 1, max(reader.line_num - last, 0), found
        last = reader.line_num


def rule_of(
    kind: str,
    delimiter: str,
    fields: Mapping[str, Picks],
    maps: tuple[Mapping[str, Picks], Mapping[str, Picks]] = ({}, {}),
    values: tuple[Wide, ...] = (),
    *,
    rest: bool = False,
) -> FileRule:
    """The rule for a table whose header says everything; `maps`: attributes, and those of where it comes from."""
    form = Form("csv", delimiter)
    attributes, resource = maps
    return FileRule(
        "the header", (), kind, form, fields, attributes, resource, rest, values,
        ignore=(), keep={}, drop={}, type="gauge", body_format="plain", shape=form,
    )  # fmt: skip


def of_pod(name: str) -> Picks:
    """Whose something is by the pod in a column: its owner, else the pod itself."""
    return Pick(columns=(name,), regex=PODS), Pick(columns=(name,))


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def are_times(texts: Sequence[str]) -> bool:
    """Whether every text is a time, written or counted since 1970."""
    read = iso(UTC)
    if all(read(text) is not None or guessed_epoch(text) is not None for text in texts):
        return True
    # Shorter texts may be a time of day or a number, and a table may well have such.
    dated = all(len(text) >= LEAST for text in texts)
    return dated and bool((parse_times(pa.array(texts, pa.string()), _ANY_TIME) != NAT).all())
