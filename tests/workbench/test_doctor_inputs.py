"""Files and folders are looked at, and nothing is loaded."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from lastgood.decoding.input import Settings
from lastgood.model.diagnosis import Health
from lastgood.model.signal import Signal
from lastgood.workbench.doctor_inputs import examine_inputs

SETTINGS = Settings(datetime(2026, 11, 30, 3, tzinfo=UTC), UTC)


def test_files_are_counted_and_their_signals_too(tmp_path: Path) -> None:
    """By format; those that nothing recognises are counted, and the command that lists them is there."""
    (tmp_path / "my logs").mkdir()
    for name in ("a", "b"):
        (tmp_path / f"my logs/{name}.log").write_text("2026-11-30T02:00:00Z INFO hello\n" * 3)
    (tmp_path / "my logs/deploys.csv").write_text("time,service,version\n2026-11-30T02:00:00Z,shop,v2\n")
    (tmp_path / "my logs/x.bin").write_bytes(b"\0\1\2\3" * 50)
    examined = examine_inputs([tmp_path / "my logs"], SETTINGS)
    (found,) = examined.findings

    assert {Signal.LOGS, Signal.CHANGES} == examined.gives
    assert found.sentence.startswith("3 files recognised: ")
    assert found.sentence.endswith("; 1 file not recognised")
    assert f"lastgood load '{tmp_path}/my logs' --explain" in found.remedy


def test_what_an_input_is_taken_for(tmp_path: Path) -> None:
    """A log, and a repository with a commit."""
    (tmp_path / "a.log").write_text("2026-11-30T02:00:00Z INFO hello\n" * 3)
    subprocess.run(["git", "init", "-q", str(tmp_path / "repo")], check=True)
    found = examine_inputs([tmp_path / "a.log", tmp_path / "repo"], SETTINGS).findings

    assert [Health.GOOD, Health.GOOD] == [one.health for one in found]
    assert "git" in found[1].sentence


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """It would be empty afterwards."""
    os.mkfifo(tmp_path / "pipe")
    (found,) = examine_inputs([tmp_path / "pipe"], SETTINGS).findings

    assert Health.DOUBTFUL is found.health
