"""Proposing: a mapping for files that no source reads, with a guess for each column and what stands in it, to be edited.

What is guessed follows from the columns' names and first values alone. Nothing is guessed about a file that is no table and no JSON.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath

from lastgood.decoding.change import KINDS, glimpses
from lastgood.decoding.input import Input
from lastgood.decoding.instants import guessed_epoch, iso
from lastgood.decoding.tables.headed import are_times, is_number, sampled
from lastgood.decoding.tables.mapping import COMPRESSED
from lastgood.decoding.tables.mapping_keys import REQUIRED
from lastgood.decoding.tables.records import flattened
from lastgood.decoding.text.fields import meaning
from lastgood.decoding.text.severity import number_of

SHOWN_VALUES, SHOWN_LETTERS = 3, 60  # values shown of a column, and letters of one
LONGEST_LEVEL = 12  # letters of a word that is a level
# Layouts of times in which no other than Python's strptime finds its way.
_LAYOUTS = tuple(
    f"{date} {clock}"
    for date in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d")
    for clock in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%I:%M:%S %p", "%H.%M.%S", "%H%M%S")
)
_OWN = {
    "ServiceName": "service",
    "TraceId": "trace",
    "SpanId": "span",
    "ScopeName": "scope",
    "EventName": "event",
}
_NAMES = {
    "parent": r"parent", "name": r"^(?:operation|name|span_?name)", "duration": r"duration|elapsed|latency|took",
    "version": r"version|release|tag|build|commit|sha", "actor": r"user|author|actor|by$|who", "title": r"title|summary|what|subject",
    "state": r"state|status|result", "kind": r"kind|type|category",
}  # fmt: skip
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
    guesses = _guesses(table.columns)
    kind = _kind(table.columns, guesses)
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


def _guesses(columns: Mapping[str, list[str]]) -> dict[str, str]:
    """The column of each field; what its values say goes before what its name says."""
    found: dict[str, str] = {}
    for guess in (_of_times, _of_meanings, _of_names, _of_levels, _of_texts):
        free = {name: texts for name, texts in columns.items() if name not in found.values()}
        for field, name in guess(free):
            if field not in found and name not in found.values():
                found[field] = name
    return found


Guesses = Iterator[tuple[str, str]]


def _of_times(free: Mapping[str, list[str]]) -> Guesses:
    for name, texts in free.items():
        given = [text for text in texts if text]
        if given and "id" not in name.lower() and (are_times(given) or _layout(given)):
            yield "time", name


def _of_meanings(free: Mapping[str, list[str]]) -> Guesses:
    for name, texts in free.items():
        field = _OWN.get(meaning(name).name, "")
        if field and (field != "severity" or any(map(number_of, texts))):
            yield field, name


def _of_names(free: Mapping[str, list[str]]) -> Guesses:
    for field, pattern in _NAMES.items():
        yield from ((field, name) for name in free if re.search(pattern, name, re.IGNORECASE))


def _of_levels(free: Mapping[str, list[str]]) -> Guesses:
    for name, texts in free.items():
        if (
            any(number_of(text) for text in texts if not is_number(text))
            and max(map(len, texts)) <= LONGEST_LEVEL
        ):
            yield "severity", name


def _of_texts(free: Mapping[str, list[str]]) -> Guesses:
    texts = {name: sum(map(len, values)) for name, values in free.items() if not all(map(is_number, values))}
    if texts:
        yield "body", max(texts, key=lambda name: texts[name])


def _kind(columns: Mapping[str, list[str]], guesses: Mapping[str, str]) -> str:
    if {"trace", "span"} <= guesses.keys():
        return "spans"
    kinds = columns.get(guesses.get("kind", ""), [])
    if kinds and all(text.strip().lower() in KINDS for text in kinds):
        return "changes"
    numbers = [
        name for name, texts in columns.items() if all(map(is_number, texts)) and name != guesses.get("time")
    ]
    if "severity" not in guesses and len(numbers) > (len(columns) - 1) / 2:
        return "metrics"
    if "version" in guesses and "severity" not in guesses and {"service", "actor", "title"} & guesses.keys():
        return "changes"
    return "logs"


def _is_read(text: str) -> bool:
    """Whether a mapping reads a time without being told how."""
    return iso(UTC)(text) is not None or guessed_epoch(text) is not None


def _layout(texts: list[str]) -> str:
    for layout in _LAYOUTS:
        with suppress(ValueError):
            for text in texts:
                datetime.strptime(text.strip(), layout).replace(tzinfo=UTC)
            return layout
    return ""


def _pick(field: str, column: str, texts: list[str]) -> str:
    given = [text for text in texts if text]
    if field == "time" and not all(map(_is_read, given)) and (layout := _layout(given)):
        return f"{{ column = {json.dumps(column)}, format = {json.dumps(layout)} }}"
    if field == "duration" and (unit := _UNIT.search(column)):
        told = unit["unit"] or _WORDS[unit["word"].lower()]
        return f'{{ column = {json.dumps(column)}, unit = "{told.lower()}" }}'
    return json.dumps(column, ensure_ascii=False)


def _shown(texts: list[str]) -> str:
    return ", ".join(
        json.dumps(text[:SHOWN_LETTERS], ensure_ascii=True) for text in dict.fromkeys(texts[:SHOWN_VALUES])
    )
