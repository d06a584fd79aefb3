"""Events by columns: maps made, spread and merged; texts that are not UTF-8."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.timestamps import NAT
from lastgood.decoding.text.events import (
    SCHEMA,
    as_text,
    column,
    empty_maps,
    entries,
    events,
    first_lines,
    maps_at,
    maps_of_columns,
    maps_of_rows,
    merged_maps,
    none,
    spread_maps,
    with_column,
)

ROWS = st.lists(st.dictionaries(st.sampled_from("abcd"), st.text("xyz", min_size=1, max_size=2)), max_size=6)


@given(ROWS, ROWS)
def test_merged_maps_keep_the_first_value_of_a_key(
    first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    """As dictionaries would."""
    count = min(len(first), len(second))
    merged = merged_maps(maps_of_rows(first[:count]), maps_of_rows(second[:count]))
    expected = [{**b, **a} for a, b in zip(first[:count], second[:count], strict=True)]
    assert expected == [dict(row) for row in merged.to_pylist()]


@given(ROWS)
def test_slices_of_maps_are_read_in_place(rows: list[dict[str, str]]) -> None:
    """An array that begins in the middle of its buffer."""
    part = maps_of_rows(rows).slice(1)
    where, keys, values = entries(part)
    expected = [(i, k, v) for i, row in enumerate(rows[1:]) for k, v in row.items()]
    assert expected == list(zip(where.tolist(), keys.to_pylist(), values.to_pylist(), strict=True))


def test_empty_values_are_left_out_of_maps() -> None:
    """A column a key, one map a row."""
    maps = maps_of_columns({"a": pa.array(["1", "", None]), "b": pa.array(["2", "3", ""])}, 3)
    assert [[("a", "1"), ("b", "2")], [("b", "3")], []] == maps.to_pylist()
    assert [[], []] == empty_maps(2).to_pylist()


def test_maps_at_places_leave_the_others_empty() -> None:
    """Whether from dictionaries or from other maps."""
    assert [[], [("a", "1")], []] == maps_at([1], [{"a": "1"}], 3).to_pylist()
    assert [[], [("a", "1")], []] == spread_maps(maps_of_rows([{"a": "1"}]), np.array([1]), 3).to_pylist()


def test_a_time_that_was_not_read_is_null_and_a_missing_text_is_empty() -> None:
    """So the table says what is not known."""
    table = events(np.array([NAT, 1]), np.zeros(2, np.uint8), {"Body": pa.array(["a", None])})

    assert [None, ""] == [table["Timestamp"][0].as_py(), table["Body"][1].as_py()]
    assert SCHEMA == table.schema == none().schema
    assert ["x", "y"] == column(with_column(table, "Body", pa.array(["x", "y"])), "Body").to_pylist()


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    """And only those."""
    assert ["a\ufffd", "b", None] == as_text(pa.array([b"a\xff", b"b", None])).to_pylist()


def test_first_lines_leave_objects_whole() -> None:
    """A text of several lines is taken apart; an object over lines is one text; None says that there is nothing below."""
    first, rest = first_lines(pa.array(["a\nb\nc", '{"a":\n1}', "d"]))
    assert first.to_pylist() == ["a", '{"a":\n1}', "d"]
    assert rest is not None
    assert rest.to_pylist() == ["b\nc", "", ""]
    assert first_lines(pa.array(["a"]))[1] is None
