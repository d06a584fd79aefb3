"""Rooms: which incident a command is about, and what is written while others write."""

from pathlib import Path

import pytest

from lastgood.errors import NoIncidentError, RecordMovedError, UntrustedCaseError, UsageError
from lastgood.model.entry import Noted, Resolved
from lastgood.workbench.case_file import exported, imported
from lastgood.workbench.room import current, enter, incidents, ongoing, refuse_foreign
from records import START, ticking
from rooms import config_in, room_in


def number_of(folder: Path, incident: int | None = None) -> int:
    """The incident whose room is entered."""
    with enter(config_in(folder), ticking(), actor="lee", now=START, incident=incident) as room:
        return room.number


def test_the_one_that_is_going_on_is_meant(tmp_path: Path) -> None:
    """Also when a later one is over already; where all are over, the last."""
    with room_in(tmp_path, "first") as first, room_in(tmp_path, "second") as second:
        second.append(Resolved("gone"))
        assert 1 == number_of(tmp_path)
        first.append(Resolved("gone"))
    assert 2 == number_of(tmp_path)
    assert 1 == number_of(tmp_path, 1)


def test_where_several_go_on_it_has_to_be_said_which(tmp_path: Path) -> None:
    """A note on the wrong incident would be worse than a question."""
    with room_in(tmp_path, "first"), room_in(tmp_path, "second"):
        pass

    with pytest.raises(UsageError, match=r"2 incidents are going on: 1 \(first\), 2 \(second\)"):
        number_of(tmp_path)


def test_without_incidents_the_way_to_the_first_is_said(tmp_path: Path) -> None:
    """As the hint."""
    with pytest.raises(NoIncidentError, match="no incidents yet") as caught:
        number_of(tmp_path)
    assert "lastgood incident open" in caught.value.hint


def test_what_others_wrote_meanwhile_is_seen(tmp_path: Path) -> None:
    """An entry goes behind theirs; one that is guarded is refused instead."""
    with (
        room_in(tmp_path) as mine,
        enter(config_in(tmp_path), ticking(), actor="lee", now=START) as theirs,
    ):
        theirs.append(Noted("theirs"))
        with pytest.raises(RecordMovedError, match="1 new entries"):
            mine.append(Resolved("over"), guarded=True)
        mine.append(Noted("mine"))

        assert ["opened", "note", "note"] == [entry.kind for entry in mine.entries]
        assert ["kim", "lee", "kim"] == [entry.actor for entry in mine.entries]


def test_every_incident_is_listed_as_it_stands(tmp_path: Path) -> None:
    """In the order of their numbers."""
    with room_in(tmp_path, "first") as first, room_in(tmp_path, "second"):
        first.append(Resolved("gone"))
        assert 2 == current(first.record)

    found = incidents(config_in(tmp_path), ticking())

    assert [("first", "resolved"), ("second", "open")] == [(one.title, one.status.value) for one in found]


def test_nothing_is_done_that_an_imported_case_asks_for(tmp_path: Path) -> None:
    """It is shown, without what steers a terminal; entries of your own ask as they like."""
    (tmp_path / "from").mkdir()
    with room_in(tmp_path / "from") as room:
        exported(room, tmp_path / "case.zip", "")
    imported(config_in(tmp_path), ticking(), tmp_path / "case.zip")
    with enter(config_in(tmp_path), ticking(), actor="kim", now=START) as room:
        mine = room.append(Noted("mine")).sequence

        refuse_foreign(room, {mine: "SELECT 1"}, "Its SQL")
        with pytest.raises(UntrustedCaseError) as refused:
            refuse_foreign(room, {1: "SELECT\n\x1b[2J\u202e1", mine: "SELECT 2"}, "Its SQL")

    assert "Entry 1:\nSELECT\n\ufffd[2J\ufffd1" in refused.value.message
    assert "SELECT 2" not in refused.value.message
    assert "--trust-case" in refused.value.hint


def test_what_is_ongoing_is_looked_up_without_making_a_record(tmp_path: Path) -> None:
    """Without the ones that are over; none where the record cannot be read."""
    config = config_in(tmp_path)
    assert () == ongoing(config, ticking())
    assert not (tmp_path / "record.db").exists()

    with room_in(tmp_path, "first") as first, room_in(tmp_path, "second"):
        first.append(Resolved("gone"))
    assert ["second"] == [one.title for one in ongoing(config, ticking())]

    (tmp_path / "record.db").write_text("no database")
    assert () == ongoing(config, ticking())
