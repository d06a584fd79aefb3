"""Rows gathered into batches, with an account of what they came from."""

from collections.abc import Iterator

import pytest

from lastgood.decoding import rows as _rows
from lastgood.decoding.input import Batch, Reject, Tally
from lastgood.decoding.rows import FULL, Row, Rows, decoded
from lastgood.telemetry.tables import CALLS, StoreTable


def _edge(callee: str) -> Row:
    return {"Caller": "web", "Callee": callee}


def test_full_tables_leave_first() -> None:
    """A table that has gathered enough is given back; the rest comes at the end."""
    rows = Rows()
    for place in range(FULL + 1):
        rows.add(CALLS, _edge(str(place)))
        assert (place == FULL - 1) == bool(list(rows.full()))
    assert [1] == [batch.rows.num_rows for batch in rows.rest() if isinstance(batch, Batch)]


def test_bad_elements_and_a_stream_that_breaks() -> None:
    """Rows read before the break are given back with their account, then the break is raised."""

    def elements() -> Iterator[object]:
        yield "cart"
        yield 7
        yield Reject(3, "cut", "")
        raise OSError("disk")

    def rows_of(element: object) -> list[tuple[StoreTable, Row]]:
        if not isinstance(element, str):
            raise TypeError("no name")
        return [(CALLS, _edge(element))]

    items: list[object] = []
    with pytest.raises(OSError, match="disk"):
        items.extend(decoded(elements(), rows_of, "an edge"))

    assert [Reject, Reject, Batch, Tally] == [type(item) for item in items]
    assert Tally(lines=3, events=1) == items[-1]


def test_a_value_that_its_column_cannot_hold_costs_only_its_row() -> None:
    """Found when the batch is made: a reject at its place, taken off the events."""

    def rows_of(count: int) -> list[tuple[StoreTable, Row]]:
        return [(CALLS, {**_edge("cart"), "Timestamp": count})]

    items = list(decoded([1, 2, 1 << 64, 4], rows_of, "an edge"))

    batches = [
        item.rows.column("Timestamp").cast("int64").to_pylist() for item in items if isinstance(item, Batch)
    ]
    rejects = [(item.line, item.text) for item in items if isinstance(item, Reject)]
    tallies = [item for item in items if isinstance(item, Tally)]
    assert [1, 2, 4] == [count for batch in batches for count in batch]
    assert [(3, '{"Caller":"web","Callee":"cart","Timestamp":18446744073709551616}')] == rejects
    assert (4, 3) == (sum(one.lines for one in tallies), sum(one.events for one in tallies))


def test_few_heavy_rows_leave_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by the text in hand, not only by the number of rows."""
    monkeypatch.setattr(_rows, "HEAVY", 100)
    rows = Rows()
    rows.add(CALLS, _edge("x" * 98))

    assert [1] == [item.rows.num_rows for item in rows.full() if isinstance(item, Batch)]
    assert [] == list(rows.rest())


def test_a_fault_of_a_reader_comes_after_what_was_read() -> None:
    """Whatever it is."""

    def elements() -> Iterator[str]:
        yield "cart"
        raise RuntimeError("nobody expected it")

    items: list[object] = []
    with pytest.raises(RuntimeError, match="nobody"):
        items.extend(decoded(elements(), lambda callee: [(CALLS, _edge(str(callee)))], "an edge"))

    assert [Batch, Tally] == [type(item) for item in items]
