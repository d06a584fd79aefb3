"""Rows are numbers with a unit, a source and a sentence; reasons are rows with their holes filled."""

from copy import deepcopy
from datetime import timedelta

import pytest

from lastgood.model.figures import spaced
from lastgood.model.judgement import Amount, Count, Reason, Row, Time, Weight, rows

HALVED = Weight(0.5, "{share:percent} of {who} in {time:length}, {again:times}", "judgement: half")


def test_a_row_is_its_number() -> None:
    """In comparisons, sums and SQL; it keeps where it comes from."""
    few, half, soon = (
        Count(3, "calls", "judgement: a"), Amount(0.5, "of calls", "judgement: b"), Time(6, "min until then", "judgement: c"),
    )  # fmt: skip

    assert (True, "LIMIT 3", 0.25, timedelta(minutes=12)) == (few <= 3, f"LIMIT {few}", half * half, 2 * soon)
    assert ["calls", "of calls", "until then"] == [row.unit for row in (few, half, soon)]
    assert ["3", "0.5", "6 min"] == [spaced(row.shown) for row in (few, half, soon)]


def test_a_row_is_copied_with_what_carries_it() -> None:
    """Evidence holds rows among its parameters, and JSON is written from a copy."""
    few = Count(3, "calls", "judgement: a")

    assert few is deepcopy({"fewest": few})["fewest"]


def test_a_reason_says_its_sentence_with_its_values() -> None:
    """Numbers as figures writes them; its ratio is that of its row, scaled."""
    reason = Reason(HALVED, scale=0.5, share=0.25, who="cart", time=timedelta(minutes=4), again=1)

    assert "25 % of cart in 4 min, once" == spaced(reason.reported)
    assert (0.25, True) == (reason.ratio, reason.against)
    assert not reason.said(fits=True).against


def test_a_hole_without_its_value_is_a_fault() -> None:
    """No sentence is shown half."""
    with pytest.raises(KeyError):
        _ = Reason(HALVED, share=0.25).reported


def test_the_rows_of_a_module_are_found() -> None:
    """In their order, and nothing else."""
    table: dict[str, object] = {"B": HALVED, "A": Count(1, "thing", ""), "other": 3}

    found: list[tuple[str, Row]] = list(rows(table))

    assert ["B", "A"] == [name for name, _ in found]
