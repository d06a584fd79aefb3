"""Tables for people: columns by where their headings begin, or by tabs."""

from lastgood.decoding.tables.aligned import headings, rows


def test_columns_begin_where_their_headings_do() -> None:
    """A heading may have a blank, a cell may be empty, and the last column takes what is left."""
    header = "LAST SEEN   TYPE      MESSAGE"
    assert ["LAST SEEN", "TYPE", "MESSAGE"] == headings(header)
    assert [{"LAST SEEN": "12m", "TYPE": "", "MESSAGE": "it  is gone"}] == rows(
        header, ["12m                   it  is gone"]
    )


def test_a_heading_may_stand_a_little_beside_its_column() -> None:
    """No word is cut in two by it."""
    header, row = "ID   DATE (UTC)            REVISION", "188  2026-10-29 12:10:33  cart:4.11.2"
    assert [{"ID": "188", "DATE (UTC)": "2026-10-29 12:10:33", "REVISION": "cart:4.11.2"}] == rows(
        header, [row]
    )


def test_tabs_separate_too() -> None:
    """As helm's tables have them."""
    assert [{"A": "1", "B C": "x y"}] == rows("A \tB C", ["1\tx y"])
