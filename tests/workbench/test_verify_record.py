"""Verifying a record: chains, and the contents that entries cite."""

import sqlite3
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import orjson
import pytest

from lastgood.errors import NoIncidentError, RecordBrokenError, UsageError
from lastgood.incidents.chain import hash_of
from lastgood.incidents.record import open_record
from lastgood.model.entry import Noted, Triaged
from lastgood.model.finding import Verdict
from lastgood.workbench.case_file import ENTRIES, anchors_of
from lastgood.workbench.verify_record import Anchor, anchor, damages, verified
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
    """A person changes the file with another program, past the trigger."""
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

    with pytest.raises(RecordBrokenError, match="Entry 2 of incident 1 fails its integrity check"):
        verified(config_in(folder), ticking())


def test_a_payload_that_nests_deeply_is_found(folder: Path) -> None:
    """It can be read, and could not have been written."""
    deep = '{"a":' + "[" * 300 + "]" * 300 + "}"
    edited(folder, "entries", f"UPDATE lastgood_entries SET payload = '{deep}' WHERE sequence = 2")

    assert [(2, "its content is not what was written: the hash differs")] == faults(folder)


def heads(folder: Path) -> list[Anchor]:
    """As they are printed now."""
    return [anchor(one.head) for one in verified(config_in(folder), ticking())]


@pytest.mark.parametrize(
    ("statement", "reported"),
    [
        ("DELETE FROM lastgood_entries WHERE sequence = 3", "is missing"),
        ("DELETE FROM lastgood_entries", "is missing"),
        ("UPDATE lastgood_entries SET incident = 4", "incident 1 is missing, though there is incident 4"),
        (
            "INSERT INTO lastgood_entries SELECT 2, sequence, actor, at, written_at, kind, payload, previous, hash FROM lastgood_entries",
            "incident 2 is incident 1 under another number",
        ),
    ],
)
def test_what_is_gone_or_twice_is_found_by_an_anchor(folder: Path, statement: str, reported: str) -> None:
    """The end, all of it, another number, a copy; the chain alone holds."""
    kept = heads(folder)
    edited(folder, "entries", "DROP TRIGGER lastgood_entries_no_DELETE")
    connection = sqlite3.connect(folder / "record.db")
    connection.execute(statement)
    connection.commit()
    connection.close()

    found = damages(config_in(folder), ticking(), kept)
    assert any(reported in one for one in found), found
    assert any("the triggers of lastgood_entries" in one for one in found)
    assert [] == [fault for one in verified(config_in(folder), ticking()) for fault in one.faults]


def test_a_chain_that_was_hashed_anew_is_found_by_an_anchor(folder: Path) -> None:
    """Every hash fits, and none is the one that was noted."""
    kept = heads(folder)
    with open_record(config_in(folder).record, ticking()) as record:
        lines, before = [], None
        for stored in record.lines(1):
            line = replace(stored, actor="lee", previous=before.hash if before else stored.previous)
            lines.append(before := replace(line, hash=hash_of(line)))
    for line in lines:
        connection = sqlite3.connect(folder / "record.db")
        connection.execute("DROP TRIGGER IF EXISTS lastgood_entries_no_UPDATE")
        connection.execute(
            "UPDATE lastgood_entries SET actor = ?, previous = ?, hash = ? WHERE sequence = ?",
            (line.actor, line.previous, line.hash, line.sequence),
        )
        connection.commit()
        connection.close()

    assert [] == faults(folder)
    assert any(
        f"the entry {kept[0]} is missing" in one for one in damages(config_in(folder), ticking(), kept)
    )


def test_an_anchor_that_is_there_finds_nothing(folder: Path) -> None:
    """Also after more was written, and without its number; what is none is refused."""
    kept = heads(folder)
    with open_record(config_in(folder).record, ticking()) as record:
        record.append(1, Noted("more"), actor="kim")

    assert () == damages(config_in(folder), ticking(), [*kept, Anchor(kept[0].hash)])
    assert any(
        "is entry 3 here" in one
        for one in damages(config_in(folder), ticking(), [replace(kept[0], sequence=2)])
    )
    with pytest.raises(UsageError):
        anchor("abc")


def test_a_case_is_an_anchor(folder: Path) -> None:
    """Of the record that it was exported from."""
    with open_record(config_in(folder).record, ticking()) as record:
        lines = record.lines(1)
    with zipfile.ZipFile(folder / "case.zip", "w") as archive:
        archive.writestr(ENTRIES, b"".join(orjson.dumps(asdict(line)) + b"\n" for line in lines))

    assert heads(folder) == list(anchors_of(folder / "case.zip"))
