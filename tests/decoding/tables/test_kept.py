"""Tables that people keep."""

import pytest

from lastgood.decoding.tables.kept import kept_table

CSV = "# releases\ntime,service,note\n2026-11-20 10:00,cart,a; b\n"
MARKDOWN = "Week 47\n| time | service | note |\n|---|---|---|\n| 2026-11-20 10:00 | cart | a; b |\nend\n"
ALIGNED = "time              service  note\n2026-11-20 10:00  cart     a; b\n"


@pytest.mark.parametrize("text", [CSV, MARKDOWN, ALIGNED])
def test_a_table_is_cut_into_its_cells(text: str) -> None:
    """Whatever parts them, and whatever stands around it."""
    table = kept_table(text)
    assert table is not None
    assert ("time", "service", "note") == table.names
    assert ["2026-11-20 10:00", "cart", "a; b"] == list(table.rows[0][1])


@pytest.mark.parametrize("text", ["", "one line\n", "a,b,c\n1,2\n", "1,2,3\n4,5,6\n"])
def test_what_has_no_header_or_rows_of_other_widths_is_none(text: str) -> None:
    """So is what has no second row."""
    assert kept_table(text) is None


def test_a_day_and_a_clock_are_one_column() -> None:
    """People write them apart."""
    table = kept_table("day;clock;what\n20.11.2026;10:00;restart of cart\n21.11.2026;11:30;restart of web\n")
    assert table is not None
    assert [("20.11.2026 10:00", "restart of cart"), ("21.11.2026 11:30", "restart of web")] == [
        cells for _, cells in table.rows
    ]
