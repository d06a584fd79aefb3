"""`lastgood learning`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.surfaces.cli.app import command_line
from postmortems import ASSESSED
from rooms import config_in, room_in


def test_the_record_in_force_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an incident it says how to open one."""
    monkeypatch.setenv("LASTGOOD_RECORD", config_in(tmp_path).record)
    empty = CliRunner().invoke(command_line("learning"), ["learning"])
    with room_in(tmp_path) as room:
        room.append(ASSESSED)
    done = CliRunner().invoke(command_line("learning"), ["learning", "payments"])
    other = CliRunner().invoke(command_line("learning"), ["learning", "mail"])

    page = tmp_path / "month.html"
    written = CliRunner().invoke(
        command_line("learning"), ["learning", "--month", "2026-11", "--html", str(page)]
    )
    shown = CliRunner().invoke(command_line("learning"), ["learning", "--month", "2026-11"])

    assert 0 == written.exit_code
    assert "Learning 2026-11" in page.read_text()
    assert "# Learning 2026-11" in shown.stdout
    assert (0, True) == (empty.exit_code, "lastgood incident open TITLE" in empty.stderr)
    assert "no incident of mail is on record" in other.stderr
    assert "no incidents yet" not in other.stderr
    assert 0 == done.exit_code
    assert "payments: 1 incident (#1)" in done.stdout
