"""The first rows of tables whose header names columns alike."""

from lastgood.decoding.tables.tickets import first_rows


def test_columns_of_one_name_are_told_apart() -> None:
    """Quoted texts over lines are one cell, and the header may have lines of its own."""
    found = first_rows(b'\xef\xbb\xbfa;"b\nc";a\n1;"x\ny";2\n')
    assert found is not None
    assert found.names == ("a", "b\nc", "a")
    assert found.columns == ("0", "1", "2")
    assert found.rows == (("1", "x\ny", "2"),)
    assert found.header_lines == 2


def test_text_without_rows_of_its_width_is_none() -> None:
    """Prose with commas is no table."""
    assert first_rows(b"a, b, c\nprose\n") is None
    assert first_rows(b"nothing\n") is None
