"""The first migration forbids changing anything; that it does is in contracts/test_record_contract.py."""

from pathlib import Path

from sqlalchemy import text

from lastgood.incidents.database import open_database


def test_both_tables_are_guarded_against_both_ways_of_losing_rows(tmp_path: Path) -> None:
    """A trigger each."""
    engine = open_database(f"sqlite:///{tmp_path}/record.db")
    with engine.connect() as connection:
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        assert {
            f"lastgood_{table}_no_{what}"
            for table in ("entries", "contents")
            for what in ("UPDATE", "DELETE")
        } == set(triggers)
    engine.dispose()
