"""Verifying a record: chains, and the contents that entries cite."""

import sqlite3
from pathlib import Path

import pytest

from lastgood.errors import NoIncidentError, RecordBrokenError
from lastgood.model.entry import Noted, Triaged
from lastgood.model.finding import Verdict
from lastgood.workbench.verify_record import verified
from records import ticking
from rooms import config_in, room_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A record with one incident of three entries, one of which cites a document."""
    with room_in(tmp_path) as room:
        room.append(Noted("one"))
        room.append(Triaged(room.record.keep(b"{}"), Verdict.YES, "it fails"))
    return tmp_path


def edited(folder: Path, table: str, statement: str) -> None:
    """Somebody changes the file with another program, past the trigger."""
    connection = sqlite3.connect(folder / "record.db")
    connection.execute(f"DROP TRIGGER lastgood_{table}_no_UPDATE")
    connection.execute(statement)
    connection.commit()
    connection.close()


def faults(folder: Path) -> list[tuple[int, str]]:
    """What is found wrong."""
    (one,) = verified(config_in(folder), ticking())
    assert 3 == one.entries
    return [(fault.sequence, fault.problem) for fault in one.faults]


def test_a_record_as_it_was_written_holds(folder: Path) -> None:
    """Nothing is found."""
    assert [] == faults(folder)


def test_an_edited_entry_and_a_changed_document_are_found(folder: Path) -> None:
    """Each by the number of its entry."""
    edited(folder, "entries", """UPDATE lastgood_entries SET actor = 'lee' WHERE sequence = 2""")
    edited(folder, "contents", "UPDATE lastgood_contents SET content = x'00'")

    assert [2, 3] == [number for number, _ in faults(folder)]


def test_an_unknown_incident_is_said_to_be(folder: Path) -> None:
    """Not passed over as one that holds."""
    with pytest.raises(NoIncidentError):
        verified(config_in(folder), ticking(), 9)


@pytest.mark.parametrize("payload", ["null", "[]", "7", '"text"'])
def test_a_payload_that_is_no_object_is_named(folder: Path, payload: str) -> None:
    """JSON, but nothing that was ever written."""
    edited(folder, "entries", f"UPDATE lastgood_entries SET payload = '{payload}' WHERE sequence = 2")

    with pytest.raises(RecordBrokenError, match="Entry 2 of incident 1 is not what was written"):
        verified(config_in(folder), ticking())


def test_a_payload_that_nests_deeply_is_found(folder: Path) -> None:
    """It can be read, and could not have been written."""
    deep = '{"a":' + "[" * 300 + "]" * 300 + "}"
    edited(folder, "entries", f"UPDATE lastgood_entries SET payload = '{deep}' WHERE sequence = 2")

    assert [(2, "its content is not what was written: the hash differs")] == faults(folder)
