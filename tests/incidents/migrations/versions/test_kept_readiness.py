"""The table of readiness as it was measured."""

from pathlib import Path

from lastgood.incidents.database import open_database


def test_it_can_only_be_added_to(tmp_path: Path) -> None:
    """Its triggers are there."""
    database = open_database(f"sqlite:///{tmp_path}/record.db")
    with database.reading() as transaction:
        found = transaction.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'lastgood_readiness'"
        )

    assert {("lastgood_readiness_no_UPDATE",), ("lastgood_readiness_no_DELETE",)} == {*found}
