"""`lastgood snapshot` from outside. What it keeps of telemetry: workbench/test_snapshot."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.surfaces.cli.app import command_line
from rooms import room_in

TOML = '[[snapshot]]\nname = "pool"\ncommand = ["echo", "40 of 40"]\n'


def test_the_state_is_kept_and_what_failed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The telemetry is gone; the command of the team is not."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "lastgood.toml"))
    (tmp_path / "lastgood.toml").write_text(TOML)
    with room_in(tmp_path, "Checkout failing", tmp_path / "gone.log") as room:
        done = CliRunner().invoke(command_line("snapshot"), ["snapshot", "--now", "2026-11-22T15:00Z"])
        entries = room.record.entries(1)
        printed = CliRunner().invoke(command_line("evidence"), ["evidence", "3"])

    assert 0 == done.exit_code
    assert "before acting: telemetry was not run: " in done.stderr
    assert (
        "kept as it is now, as evidence E2 to E3:\nlastgood evidence --now 2026-11-22T15:00:00Z E2"
        in done.stderr
    )
    assert ["opened", "captured", "captured"] == [entry.kind for entry in entries]
    assert "40 of 40" in printed.stdout


def test_a_dry_run_lists_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that lacks a value says so; nothing is kept."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "lastgood.toml"))
    (tmp_path / "lastgood.toml").write_text(
        TOML + '[[snapshot]]\nname = "pods"\ncommand = ["echo", "{cluster}"]\n'
    )
    with room_in(tmp_path, "Checkout failing", tmp_path / "gone.log") as room:
        dry = CliRunner().invoke(command_line("snapshot"), ["snapshot", "--dry-run"])
        entries = room.record.entries(1)

    assert 0 == dry.exit_code
    assert "to keep pool: echo '40 of 40'" in dry.stdout
    assert "to keep pods: echo '{cluster}': not run: " in dry.stdout
    assert ["opened"] == [entry.kind for entry in entries]
