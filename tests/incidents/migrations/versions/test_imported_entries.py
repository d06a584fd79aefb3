"""The table of what came in with a case is guarded like the others; that it holds is in contracts/test_record_contract.py."""

from pathlib import Path

from lastgood.incidents.database import open_database


def test_the_table_is_guarded_against_both_ways_of_losing_rows(tmp_path: Path) -> None:
    """A trigger each."""
    database = open_database(f"sqlite:///{tmp_path}/record.db")
    with database.reading() as transaction:
        triggers = transaction.rows(
            "SELECT name FROM sqlite_master WHERE tbl_name = 'lastgood_imported' AND type = 'trigger'"
        )
    database.close()

    assert {"lastgood_imported_no_UPDATE", "lastgood_imported_no_DELETE"} == {name for (name,) in triggers}
