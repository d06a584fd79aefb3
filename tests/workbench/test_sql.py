"""One SELECT and its entry."""

import sqlite3
from pathlib import Path

import pytest

from lastgood.errors import QueryFailedError
from lastgood.workbench.sql import Bounds, sql
from rooms import room_in


def test_answer_and_failure_are_on_the_record(tmp_path: Path) -> None:
    """The redacted rows, never the others; and that it was asked when there was no answer."""
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a, 'hunter2' AS password")
    connection.close()
    with room_in(tmp_path) as room:
        answer, entry = sql(f"sqlite:///{path}", "SELECT * FROM t", Bounds(5, 10), environment={}, room=room)
        assert entry
        with pytest.raises(QueryFailedError):
            sql(f"sqlite:///{path}", "SELECT b FROM t", Bounds(5, 10), environment={}, room=room)
        record = b"".join(file.read_bytes() for file in tmp_path.glob("record.db*"))
        kinds = [one.kind for one in room.entries]

    assert ((1, "[redacted]"),) == answer.rows
    assert ["opened", "evidence", "note"] == kinds
    assert b"hunter2" not in record
