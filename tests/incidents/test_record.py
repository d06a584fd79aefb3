"""What a record does when its file is not what it was; what it promises is in contracts/test_record_contract.py."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.errors import RecordBrokenError, RecordFailedError
from lastgood.incidents.chain import Fault, faults
from lastgood.incidents.record import Record, open_record
from lastgood.model.entry import Noted, Opened
from records import ticking


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the record is."""
    return tmp_path / "record.db"


@pytest.fixture
def record(file: Path) -> Iterator[Record]:
    """A record with one incident of four entries."""
    with open_record(f"sqlite:///{file}", ticking()) as opened:
        opened.open(Opened("Checkout failing"), actor="kim")
        for text in ("one", "two", "three"):
            opened.append(1, Noted(text), actor="kim")
        yield opened


def edited(file: Path, statement: str) -> None:
    """A person changes the file with another program, past the triggers."""
    connection = sqlite3.connect(file)
    for what in ("UPDATE", "DELETE"):
        connection.execute(f"DROP TRIGGER lastgood_entries_no_{what}")
        connection.execute(f"DROP TRIGGER lastgood_contents_no_{what}")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            """UPDATE lastgood_entries SET payload = '{"text": "TWO"}' WHERE sequence = 3""",
            Fault(3, "its content is not what was written: the hash differs"),
        ),
        (
            "UPDATE lastgood_entries SET written_at = '2026-11-22T14:00:00.000000Z' WHERE sequence = 2",
            Fault(2, "its content is not what was written: the hash differs"),
        ),
        ("DELETE FROM lastgood_entries WHERE sequence = 2", Fault(3, "entries 2 to 2 are missing")),
    ],
)
def test_an_edited_file_is_found_out(record: Record, file: Path, statement: str, fault: Fault) -> None:
    """With the entry that was touched."""
    edited(file, statement)

    assert [fault] == list(faults(record.lines(1)))


def test_an_entry_that_is_no_entry_any_more_is_named(record: Record, file: Path) -> None:
    """Reading says which one; it does not pass it over."""
    edited(file, """UPDATE lastgood_entries SET payload = '{"text": 5}' WHERE sequence = 3""")

    with pytest.raises(RecordBrokenError, match="Entry 3 of incident 1"):
        record.entries(1)


def test_text_that_is_not_json_any_more_is_named(record: Record, file: Path) -> None:
    """As above."""
    edited(file, "UPDATE lastgood_entries SET payload = '{' WHERE sequence = 2")

    with pytest.raises(RecordBrokenError, match="Entry 2 of incident 1"):
        record.lines(1)


def test_content_that_was_changed_is_not_given_out(record: Record, file: Path) -> None:
    """Nor content that is not there."""
    name = record.keep(b"rows")
    edited(file, "UPDATE lastgood_contents SET content = x'00'")

    with pytest.raises(RecordBrokenError, match="its hash differs"):
        record.kept(name)
    with pytest.raises(RecordBrokenError, match="not in the record"):
        record.kept("0" * 64)


def test_a_full_disk_is_said_and_loses_nothing(record: Record) -> None:
    """SQLite is configured to use no more pages; the entry that does not fit leaves no trace."""
    with record._database.reading() as transaction:
        pages = transaction.value("PRAGMA page_count")
        transaction.run(f"PRAGMA max_page_count={pages}")

    with pytest.raises(RecordFailedError, match="full") as caught:
        record.append(1, Noted("x" * 100_000), actor="kim")

    assert "Nothing was half written" in caught.value.hint
    assert 4 == len(record.entries(1))
    assert [] == list(faults(record.lines(1)))
