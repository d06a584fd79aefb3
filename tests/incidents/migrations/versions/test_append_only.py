"""The first migration forbids changing anything; that it does is in contracts/test_record_contract.py."""

from pathlib import Path

from lastgood.incidents.database import open_database


def test_both_tables_are_guarded_against_both_ways_of_losing_rows(tmp_path: Path) -> None:
    """A trigger each."""
    database = open_database(f"sqlite:///{tmp_path}/record.db")
    with database.reading() as transaction:
        triggers = transaction.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name NOT IN ('lastgood_imported', 'lastgood_audit', 'lastgood_readiness')"
        )
        assert {
            f"lastgood_{table}_no_{what}"
            for table in ("entries", "contents")
            for what in ("UPDATE", "DELETE")
        } == {name for (name,) in triggers}
    database.close()
