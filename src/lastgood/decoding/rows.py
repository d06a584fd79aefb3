"""Rows on their way into tables: gathered one by one, given back as batches."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import pyarrow as pa

from lastgood.algorithms.json_text import json_text
from lastgood.decoding.input import REJECT_TEXT, Batch, Decoded, Reject, Tally
from lastgood.telemetry.tables import StoreTable

FULL = 20_000
HEAVY = 32 * 1024 * 1024  # characters of text in the rows in hand: few large rows are a batch as well
# What wrong types and values in decoded JSON raise when they are read as something else.
BAD = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)
_MISFITS = (*BAD, pa.ArrowException)  # what a value raises that its column cannot hold
Row = Mapping[str, Any]
T = TypeVar("T")


class Rows:
    """Rows by table. All rows of a table must name the same columns; times are nanoseconds.

    A row with a value that its column cannot hold is a reject when the batch is made, taken off the events.
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[StoreTable, list[Row], list[int]]] = {}
        self._weight = self._added = 0

    def add(self, table: StoreTable, row: Row, place: int = 0) -> None:
        """Keep one row, which was read at a place; without one it is the ordinal of the row."""
        self._added += 1
        self._weight += _weight(row.values())
        _, rows, places = self._rows.setdefault(table.name, (table, [], []))
        rows.append(row)
        places.append(place or self._added)

    def full(self) -> Decoded:
        """Batches of the tables that have gathered enough."""
        if self._weight >= HEAVY:
            yield from self.rest()
        for name, (table, rows, places) in list(self._rows.items()):
            if len(rows) >= FULL:
                del self._rows[name]
                yield from _batches(table, rows, places)

    def rest(self) -> Decoded:
        """Batches of everything that is left."""
        given, self._rows, self._weight = list(self._rows.values()), {}, 0
        for table, rows, places in given:
            yield from _batches(table, rows, places)


def _weight(values: Iterable[Any]) -> int:
    """How much text is in the values of a row. It is asked of every row, hence the types, and few calls."""
    weight = 0
    for value in values:
        kind = type(value)
        if kind is str:
            weight += len(value)
        elif value and (kind is dict or kind is list):
            weight += _weight(value.values() if kind is dict else value)
    return weight


def _batches(table: StoreTable, rows: list[Row], places: list[int]) -> Decoded:
    """The rows as batches, halved around those that do not fit; those are rejects."""
    try:
        made = table.rows({name: [row[name] for row in rows] for name in rows[0]})
    except _MISFITS as problem:
        half = len(rows) // 2
        if half:
            yield from _batches(table, rows[:half], places[:half])
            yield from _batches(table, rows[half:], places[half:])
        else:
            yield Reject(places[0], f"its values do not fit: {problem}", shown(rows[0]))
            yield Tally(events=-1)  # it was counted as one
    else:
        yield Batch(table, made)


def shown(element: Any) -> str:
    """The beginning of an element as text that people can read."""
    return json_text(element)[:REJECT_TEXT].decode("utf-8", "ignore")


def until_broken(read: Iterable[T]) -> Iterator[T | Exception]:
    """Everything that can be read, then what ended it, if something did: so that the first is not lost."""
    try:
        yield from read
    except Exception as problem:  # noqa: BLE001 - raised again by who asks, once the rows in hand are out
        yield problem


def decoded(
    elements: Iterable[Any], rows_of: Callable[[Any], Iterable[tuple[StoreTable, Row]]], what: str
) -> Decoded:
    """Batches of what elements become, and an account of them: one line each.

    A Reject among the elements is passed on; an element that cannot be read becomes one. What was
    read before a stream breaks is given back first.
    """
    rows, lines, events = Rows(), 0, 0
    problem: Exception | None = None
    for element in until_broken(elements):
        if isinstance(element, Exception):
            problem = element
            break
        lines += 1
        if isinstance(element, Reject):
            yield element
            continue
        try:
            made = list(rows_of(element))
        except BAD as wrong:
            yield Reject(lines, f"not {what}: {wrong}", shown(element))
            continue
        events += 1
        for table, row in made:
            rows.add(table, row, lines)
        yield from rows.full()
    yield from rows.rest()
    yield Tally(lines, events)
    if problem is not None:
        raise problem
