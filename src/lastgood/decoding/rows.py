"""Rows on their way into tables: gathered one by one, given back as batches."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from lastgood.decoding.input import REJECT_TEXT, Batch, Decoded, Reject, Tally
from lastgood.telemetry.tables import StoreTable

FULL = 20_000
# What wrong types and values in decoded JSON raise when they are read as something else.
BAD = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
Row = Mapping[str, Any]
T = TypeVar("T")


class Rows:
    """Rows by table. All rows of a table must name the same columns; times are nanoseconds."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[StoreTable, list[Mapping[str, Any]]]] = {}

    def add(self, table: StoreTable, row: Mapping[str, Any]) -> None:
        """Keep one row."""
        self._rows.setdefault(table.name, (table, []))[1].append(row)

    def full(self) -> Iterator[Batch]:
        """Batches of the tables that have gathered enough."""
        for name, (table, rows) in list(self._rows.items()):
            if len(rows) >= FULL:
                del self._rows[name]
                yield _batch(table, rows)

    def rest(self) -> Iterator[Batch]:
        """Batches of everything that is left."""
        for table, rows in self._rows.values():
            yield _batch(table, rows)
        self._rows.clear()


def _batch(table: StoreTable, rows: list[Mapping[str, Any]]) -> Batch:
    return Batch(table, table.rows({name: [row[name] for row in rows] for name in rows[0]}))


def until_broken(read: Iterable[T]) -> Iterator[T | OSError]:
    """Everything that can be read, then what broke it, if something did: so that the first is not lost."""
    try:
        yield from read
    except OSError as problem:
        yield problem


def decoded(
    elements: Iterable[Any], rows_of: Callable[[Any], Iterable[tuple[StoreTable, Row]]], what: str
) -> Decoded:
    """Batches of what elements become, and an account of them: one line each.

    A Reject among the elements is passed on; an element that cannot be read becomes one. What was
    read before a stream breaks is given back first.
    """
    rows, lines, events = Rows(), 0, 0
    problem: OSError | None = None
    for element in until_broken(elements):
        if isinstance(element, OSError):
            problem = element
            break
        lines += 1
        if isinstance(element, Reject):
            yield element
            continue
        try:
            made = list(rows_of(element))
        except BAD as wrong:
            yield Reject(lines, f"not {what}: {wrong}", str(element)[:REJECT_TEXT])
            continue
        events += 1
        for table, row in made:
            rows.add(table, row)
        yield from rows.full()
    yield from rows.rest()
    yield Tally(lines, events)
    if problem is not None:
        raise problem
