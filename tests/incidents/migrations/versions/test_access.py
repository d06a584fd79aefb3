"""The tables of the server beside the record."""

from pathlib import Path

from lastgood.incidents.database import open_database


def test_only_the_audit_log_is_kept_as_it_was(tmp_path: Path) -> None:
    """Its triggers are there; the other tables may change."""
    database = open_database(f"sqlite:///{tmp_path}/record.db")
    with database.reading() as transaction:
        found = transaction.rows(
            "SELECT name, tbl_name FROM sqlite_master WHERE type IN ('table', 'trigger')"
        )
    names = {name for name, _ in found}

    wanted = ("users", "keys", "sessions", "audit", "deliveries", "alerts")
    assert {f"lastgood_{table}" for table in wanted} <= names
    assert {"lastgood_audit_no_UPDATE", "lastgood_audit_no_DELETE"} == {
        name for name, table in found if name != table and table in {f"lastgood_{one}" for one in wanted}
        and "_no_" in name
    }  # fmt: skip
