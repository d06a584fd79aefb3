"""Fields picked out of columns: alternatives, cuts, translations, defaults, times."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lastgood.decoding.input import Settings
from lastgood.decoding.tables.mapping import FileRule, Pick, Picks, read_mapping
from lastgood.decoding.tables.picked import PickedRows, map_array
from lastgood.decoding.tables.records import Block

SETTINGS = Settings(datetime(2026, 11, 22, tzinfo=UTC), UTC)


def _rows(tmp_path: Path, columns: dict[str, list[str]], **fields: Picks) -> PickedRows:
    path = tmp_path / "m.toml"
    path.write_text("[[file]]\nmatch = 'x'\nkind = 'logs'\nfields = { time = 't', body = 'b' }")
    (rule,) = read_mapping(path).rules
    count = len(next(iter(columns.values())))
    return PickedRows(_with(rule, fields), Block(columns, list(range(1, count + 1)), count), SETTINGS)


def _with(rule: FileRule, fields: dict[str, Picks]) -> FileRule:
    return replace(rule, fields={**rule.fields, **fields})


def test_the_first_alternative_that_gives_a_text(tmp_path: Path) -> None:
    """A column, else a cut of another, else a default."""
    picks = (Pick(columns=("a",)), Pick(columns=("b",), regex=re.compile(r"id=(\w+)"), default="none"))
    rows = _rows(tmp_path, {"a": ["1", "", ""], "b": ["", "id=2", "x"]}, body=picks)

    assert ["1", "2", "none"] == rows.texts("body")


def test_translations_and_any_other(tmp_path: Path) -> None:
    """A star is every text without a translation of its own."""
    pick = Pick(columns=("a",), translate={"0": "Ok", "*": "Error"})
    assert ["Ok", "Error"] == _rows(tmp_path, {"a": ["0", "7"]}, severity=(pick,)).texts("severity")


def test_columns_in_order_and_those_that_are_missing(tmp_path: Path) -> None:
    """The first column with a text; a column that is not there gives none."""
    pick = Pick(columns=("gone", "a", "b"))
    assert ["1", "2"] == _rows(tmp_path, {"a": ["1", ""], "b": ["9", "2"]}, body=(pick,)).texts("body")


def test_the_first_alternative_that_is_a_time(tmp_path: Path) -> None:
    """A text that is no time gives way to the next column."""
    picks = (Pick(columns=("n",), unit="ns"), Pick(columns=("t",)))
    rows = _rows(
        tmp_path, {"n": ["-6795364578871345152", "5"], "t": ["1970-01-01T00:00:01Z", ""]}, time=picks
    )

    assert [1_000_000_000, 5] == rows.times("time")


def test_rows_without_a_needed_value_are_not_good(tmp_path: Path) -> None:
    """The first reason stays."""
    rows = _rows(tmp_path, {"a": ["1", "", "3"]})
    rows.refuse(["1", "", None], lambda place: f"first {place}")
    rows.refuse(["", "", ""], lambda place: f"second {place}")

    assert ([], {0: "second 0", 1: "first 1", 2: "first 2"}) == (rows.good(), rows.bad)


def test_maps_leave_out_empty_texts() -> None:
    """Only the rows asked for, only keys with a text."""
    made = map_array({"a": ["1", "", "3"], "b": ["x", "", ""]}, [0, 1, 2])
    assert [[("a", "1"), ("b", "x")], [], [("a", "3")]] == made.to_pylist()
