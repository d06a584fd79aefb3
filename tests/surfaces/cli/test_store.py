"""`lastgood store` from outside."""

import json
import os
from pathlib import Path

import pytest

from commands import command, lastgood


def test_a_folder_without_a_store_is_no_data(tmp_path: Path) -> None:
    """Nothing is made where nothing was."""
    shown = lastgood(tmp_path / "home", "store", "repair", str(tmp_path / "nowhere"))

    assert 3 == shown.returncode
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.slow
def test_old_telemetry_goes_by_the_limits_of_the_settings(tmp_path: Path) -> None:
    """Once; a dry run before it only says so. Settings that came with a folder are not obeyed until they are trusted."""
    lines = tmp_path / "app.jsonl"
    rows = [
        {"time": f"2026-{month:02}-03T10:00:00Z", "level": "info", "service": "web", "message": "hello"}
        for month in (3, 11)
    ]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    home, settings = tmp_path / "home", tmp_path / "lastgood.toml"
    settings.write_text('[retention]\nlogs = "30d"\n')
    assert 0 == lastgood(home, "load", str(lines)).returncode
    given = {**os.environ, "XDG_DATA_HOME": str(home), "NO_COLOR": "1"}
    given.pop("LASTGOOD_STORE", None)

    def retained(*words: str, **more: str) -> str:
        done = command(
            ("store", "retain", "--now", "2026-11-22T15:00:00Z", *words), {**given, **more}, tmp_path
        )
        assert 0 == done.returncode, done.stderr
        return done.stdout

    assert "nothing to drop\n" == retained()
    trusted = {"LASTGOOD_CONFIG": str(settings)}
    assert retained("--dry-run", **trusted).startswith(
        "would drop otel_logs, 1 row from 2026-03-03T10:00:00Z"
    )
    assert 1 == json.loads(retained("-o", "json", **trusted))["dropped"][0]["rows"]
    assert "nothing to drop\n" == retained(**trusted)
