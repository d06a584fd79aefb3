"""Rows gathered into batches, with an account of what they came from."""

from collections.abc import Iterator

import pytest

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
        assert (place == FULL - 1) == bool([b.rows.num_rows for b in rows.full()])
    assert [1] == [batch.rows.num_rows for batch in rows.rest()]


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
