"""`lastgood incident handover`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.surfaces.cli.app import command_line
from rooms import room_in


def test_the_briefing_is_printed_and_the_lead_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name it is only printed."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    with room_in(tmp_path) as room:
        printed = CliRunner().invoke(command_line("incident"), ["incident", "handover", "--as", "kim"])
        assert 0 == printed.exit_code
        assert "Next update" in printed.output
        assert 1 == len(room.record.entries(1))
        words = ["incident", "handover", "lee", "--because", "end of shift", "--as", "kim"]
        assert 0 == CliRunner().invoke(command_line("incident"), words).exit_code
        room.look()
        assert "lee" == room.incident.lead
