"""The answer of a database in text and JSON."""

from lastgood.model.sql_answer import SqlAnswer
from lastgood.surfaces.sql import sql_document, sql_notes, sql_text

ANSWER = SqlAnswer(
    "sqlite:///x", "file", "SELECT 1", ("id", "note"), ((1, "a\nb\x1b[31m"), (22, None), (3, "x" * 99)),
    "only the first 3 rows", {"note": 2}, None, 0.0123,
)  # fmt: skip


def test_a_table_has_a_line_for_each_row() -> None:
    """Whatever is in a value: no line break, nothing that steers a terminal, no line without end."""
    head, rule, first, second, third = sql_text(ANSWER).splitlines()

    assert ("id  note", "--  " + "-" * 60) == (head, rule)
    assert ("1   a⏎b\ufffd[31m", "22  NULL") == (first, second)
    assert third.endswith("x…")


def test_what_is_left_out_is_said() -> None:
    """Rows, redaction, role."""
    assert [
        "3 rows in 12 ms from sqlite:///x (file)",
        "cut off: only the first 3 rows",
        "redacted: note (2 values)",
    ] == list(sql_notes(ANSWER))
    assert [[1, "a\nb\x1b[31m"], [22, None], [3, "x" * 99]] == sql_document(ANSWER)["rows"]
