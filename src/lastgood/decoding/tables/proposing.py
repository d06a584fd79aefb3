"""Proposing: a mapping for files that no source reads, with a guess for each column and what stands in it, to be edited.

What is guessed follows from the columns' names and first values alone. Nothing is guessed about a file that is no table and no JSON.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from lastgood.decoding.change import glimpses
from lastgood.decoding.input import Input
from lastgood.decoding.tables.guesses import guesses_of, is_read, kind_of_table, layout_of_times
from lastgood.decoding.tables.headed import is_number, sampled
from lastgood.decoding.tables.mapping import COMPRESSED
from lastgood.decoding.tables.mapping_keys import REQUIRED
from lastgood.decoding.tables.records import flattened

SHOWN_VALUES, SHOWN_LETTERS = 3, 60  # values shown of a column, and letters of one
_UNIT = re.compile(
    r"(?:^|[^a-z])(?P<unit>ns|us|ms|s|min|h)$|(?P<word>nanos|micros|millis|seconds)", re.IGNORECASE
)
_WORDS = {"nanos": "ns", "micros": "us", "millis": "ms", "seconds": "s"}
_KIND_FIELDS = {
    "spans": ("time", "trace", "span", "parent", "name", "service", "duration"),
    "logs": ("time", "service", "severity", "body", "trace", "span", "scope", "event"),
    "metrics": ("time", "service"),
    "changes": ("time", "kind", "service", "title", "actor", "version", "state"),
}


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of one file, with the first values of each, and what must be said of its form."""

    name: str
    columns: Mapping[str, list[str]]
    form: str  # lines of TOML


def proposed(inputs: Iterable[Input]) -> str:
    """The mapping as TOML; empty where none of the inputs is a table or JSON."""
    tables = [table for given in inputs if (table := _table(given)) is not None]
    return "\n".join(text for table in tables for text in _rule(table))


def _table(given: Input) -> _Table | None:
    name = PurePath(given.name).name
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    if given.is_folder or not given.head:
        return None
    found = sampled(given.head)
    if found is not None and not given.head.lstrip().startswith((b"{", b"[")):
        delimiter, columns = found
        form = 'format = "csv"\n' + (f"delimiter = {json.dumps(delimiter)}\n" if delimiter != "," else "")
        return _Table(name, columns, form)
    return _objects(given, name)


def _objects(given: Input, name: str) -> _Table | None:
    """The fields of JSON: of its lines, or of the longest list near the top of a document."""
    rows = glimpses(given, SHOWN_VALUES)
    if not rows:
        return None
    first = rows[0]
    inside = next(
        (
            key
            for key, value in first.items()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        ),
        "",
    )
    lines = b"\n{" in given.head.strip() and not given.head.lstrip().startswith(b"[") and not inside
    records = [record for record in first[inside] if isinstance(record, dict)] if inside else rows
    columns: dict[str, list[str]] = {}
    for record in records[:SHOWN_VALUES]:
        for path, text in flattened(record).items():
            columns.setdefault(path, []).append(text)
    form = (
        'format = "ndjson"\n'
        if lines
        else 'format = "json"\n' + (f"records = {json.dumps(inside)}\n" if inside else "")
    )
    return _Table(name, columns, form)


def _rule(table: _Table) -> Iterator[str]:
    guesses = guesses_of(table.columns)
    kind = kind_of_table(table.columns, guesses)
    if kind == "logs" and "title" in guesses:  # a column named after what happened is the text, however short
        guesses |= {"body": guesses["title"]}
    taken = {field: guesses[field] for field in _KIND_FIELDS[kind] if field in guesses}
    wide = [
        name
        for name, texts in table.columns.items()
        if kind == "metrics" and name not in taken.values() and all(map(is_number, texts))
    ]
    yield f"# A guess from the names and first values of {table.name}: check every line.\n[[file]]\nmatch = {json.dumps(table.name)}"
    yield f'kind = "{kind}"  # or another of: {", ".join(sorted(REQUIRED))}\n{table.form}rest = true  # other columns become attributes\n'
    yield "[file.fields]"
    for field, column in taken.items():
        yield f"{field} = {_pick(field, column, table.columns[column])}  # such as {_shown(table.columns[column])}"
    for field in REQUIRED[kind]:
        if field not in taken:
            yield f"{field} = {_missing(kind, field)}"
    for column in wide:
        pattern = json.dumps(re.escape(column))
        yield f"\n[[file.values]]\ncolumns = {pattern}  # such as {_shown(table.columns[column])}\nmetric = {json.dumps(column)}"
    left = [name for name in table.columns if name not in {*taken.values(), *wide}]
    yield "\n".join(
        ["", *(f"# {json.dumps(name)}: such as {_shown(table.columns[name])}" for name in left), ""]
    )


def _missing(kind: str, field: str) -> str:
    """What stands for a field that must be there and was not found."""
    constant = {"changes": "deploy"}.get(kind) if field == "kind" else None
    return f'{{ constant = "{constant or "?"}" }}  # not found: name its column here'


def _pick(field: str, column: str, texts: list[str]) -> str:
    given = [text for text in texts if text]
    if field == "time" and not all(map(is_read, given)) and (layout := layout_of_times(given)):
        return f"{{ column = {json.dumps(column)}, format = {json.dumps(layout)} }}"
    if field == "duration" and (unit := _UNIT.search(column)):
        reported = unit["unit"] or _WORDS[unit["word"].lower()]
        return f'{{ column = {json.dumps(column)}, unit = "{reported.lower()}" }}'
    return json.dumps(column, ensure_ascii=False)


def _shown(texts: list[str]) -> str:
    return ", ".join(
        json.dumps(text[:SHOWN_LETTERS], ensure_ascii=True) for text in dict.fromkeys(texts[:SHOWN_VALUES])
    )
