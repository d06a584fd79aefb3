"""`lastgood sql` from outside."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line
from rooms import room_in


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database, and a record of the test's own."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a, 'kim@example.org' AS mail")
    connection.close()
    return f"sqlite:///{tmp_path / 'x.db'}"


def test_rows_are_on_stdout_and_the_rest_on_stderr(address: str, tmp_path: Path) -> None:
    """And on the record of the incident that is going on."""
    with room_in(tmp_path) as room:
        shown = CliRunner().invoke(command_line("sql"), ["sql", address, "SELECT * FROM t"])
        entries = room.record.entries(1)

    assert 0 == shown.exit_code
    assert "a  mail\n-  ----------------\n1  [e-mail address]\n" == shown.stdout
    assert "recorded: incident 1, entry 2" in shown.stderr
    assert "evidence" == entries[-1].kind


def test_json_is_one_document(address: str) -> None:
    """Also without rows."""
    shown = CliRunner().invoke(
        command_line("sql"), ["sql", address, "SELECT a FROM t WHERE a > 1", "-o", "json"]
    )

    assert (["a"], []) == (json.loads(shown.stdout)["columns"], json.loads(shown.stdout)["rows"])


@pytest.mark.parametrize(
    "words", [["DELETE FROM t"], ["SELECT 1", "--timeout", "9h"], ["SELECT 1", "--timeout", "0s"]]
)
def test_what_is_refused_is_a_mistake_of_usage(address: str, words: list[str]) -> None:
    """With a hint."""
    shown = CliRunner().invoke(command_line("sql"), ["sql", address, *words])

    assert isinstance(shown.exception, UsageError)
    assert shown.exception.hint
