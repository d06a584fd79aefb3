"""Addresses of records, what their failures say, and migrations."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import lastgood.incidents.database as module
from lastgood.errors import RecordFailedError, UsageError
from lastgood.incidents.chain import Line
from lastgood.incidents.database import VERSION, open_database
from lastgood.incidents.record import open_record
from lastgood.model.entry import Opened
from records import ticking

SCRIPTS = Path(module.__file__).parent / "migrations"


@pytest.mark.parametrize("url", ["", "record.db", "sqlite://", "sqlite:///:memory:", "mysql://host/db"])
def test_what_is_no_address_is_said(url: str) -> None:
    """With the forms that are."""
    with pytest.raises(UsageError) as caught:
        open_database(url)

    assert "sqlite:///path/record.db" in caught.value.hint


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    """Nor the options, which may hold one."""
    with pytest.raises(RecordFailedError) as caught:
        open_database("postgresql://kim:secret@127.0.0.1:1/record?password=secret")

    assert "127.0.0.1" in caught.value.message
    assert "secret" not in caught.value.message


def test_a_file_that_is_no_record_is_left_alone(tmp_path: Path) -> None:
    """And said to be none."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)

    with pytest.raises(RecordFailedError, match="not a database"):
        open_database(f"sqlite:///{path}")
    assert "not a database " * 100 == path.read_text()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file stands where a folder should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(RecordFailedError, match="cannot be used"):
        open_database(f"sqlite:///{tmp_path}/file/record.db")


def test_the_last_migration_is_the_version_of_the_program() -> None:
    """And there is one last one."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")

    assert [VERSION] == ScriptDirectory.from_config(config).get_heads()


def test_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    """The same columns, in the same order."""
    database = open_database(f"sqlite:///{tmp_path}/record.db")
    with database.reading() as transaction:
        made = transaction.rows("SELECT name FROM pragma_table_info('lastgood_entries') ORDER BY cid")
    database.close()

    assert [field.name for field in fields(Line)] == [name for (name,) in made]


def test_a_record_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """Rather than written in an old way."""
    url = f"sqlite:///{tmp_path}/record.db"
    database = open_database(url)
    with database.writing() as transaction:
        transaction.run("UPDATE lastgood_version SET version_num = '9999'")
    database.close()

    with pytest.raises(RecordFailedError, match="newer version") as caught:
        open_database(url)
    assert "Update" in caught.value.hint


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    """Also those that mean something in settings."""
    folder = tmp_path / "100 %(here)s"
    folder.mkdir()
    open_database(f"sqlite:///{folder}/record.db").close()

    assert (folder / "record.db").exists()
    shutil.rmtree(folder)


def test_a_record_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """It gets what it lacks and keeps what it has."""
    url = f"sqlite:///{tmp_path}/record.db"
    with open_record(url, ticking()) as record:
        record.open(Opened("Checkout failing"), actor="kim")
    database = open_database(url)
    with database.writing() as transaction:
        transaction.run("DROP TABLE lastgood_imported")
        transaction.run("DROP TABLE lastgood_readiness")
        transaction.run("DROP TABLE lastgood_claims")
        for table in ("users", "keys", "sessions", "audit", "deliveries", "alerts"):
            transaction.run(f"DROP TABLE lastgood_{table}")
        transaction.run("UPDATE lastgood_version SET version_num = '0001'")
    database.close()

    with open_record(url, ticking()) as record:
        assert frozenset() == record.imported(1)
        assert 1 == len(record.entries(1))
