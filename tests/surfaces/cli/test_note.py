"""`lastgood note`: its own time beside that of the writing. The command as a process: test_incident."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.surfaces.cli.app import command_line
from rooms import room_in


def test_a_note_has_the_time_of_what_it_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given by a moment relative to now."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    with room_in(tmp_path) as room:
        words = ["note", "ANZ confirmed", "--at", "now-10m", "--now", "2026-11-22T15:00Z", "--as", "lee"]
        assert 0 == CliRunner().invoke(command_line("note"), words).exit_code

        (_, note) = room.record.entries(1)

    assert ("lee", "2026-11-22T14:50:00+00:00") == (note.actor, note.at.isoformat())
