"""Guesses: which column of a table may hold what, from its name and first values alone."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from lastgood.decoding.change import KINDS
from lastgood.decoding.instants import guessed_epoch, iso
from lastgood.decoding.tables.headed import are_times, is_number
from lastgood.decoding.text.fields import meaning
from lastgood.decoding.text.severity import number_of

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


def guesses_of(columns: Mapping[str, list[str]]) -> dict[str, str]:
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
        if given and "id" not in name.lower() and (are_times(given) or layout_of_times(given)):
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


def kind_of_table(columns: Mapping[str, list[str]], guesses: Mapping[str, str]) -> str:
    """What the records of a table may be."""
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


def is_read(text: str) -> bool:
    """Whether a mapping reads a time without a setting that says how."""
    return iso(UTC)(text) is not None or guessed_epoch(text) is not None


def layout_of_times(texts: list[str]) -> str:
    """The layout of all times in a column, as strptime takes it; empty where none fits."""
    for layout in _LAYOUTS:
        with suppress(ValueError):
            for text in texts:
                datetime.strptime(text.strip(), layout).replace(tzinfo=UTC)
            return layout
    return ""
