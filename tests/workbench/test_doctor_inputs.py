"""Files and folders are looked at, and nothing is loaded."""

import os
import subprocess
from pathlib import Path

from lastgood.model.diagnosis import Health
from lastgood.workbench.doctor_inputs import examine_inputs


def test_what_an_input_is_taken_for(tmp_path: Path) -> None:
    """A log, and a repository with a commit."""
    (tmp_path / "a.log").write_text("2026-11-30T02:00:00Z INFO hello\n" * 3)
    subprocess.run(["git", "init", "-q", str(tmp_path / "repo")], check=True)
    found = list(examine_inputs([tmp_path / "a.log", tmp_path / "repo"]))

    assert [Health.GOOD, Health.GOOD] == [one.health for one in found]
    assert "git" in found[1].sentence


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """It would be empty afterwards."""
    os.mkfifo(tmp_path / "pipe")
    (found,) = examine_inputs([tmp_path / "pipe"])

    assert Health.DOUBTFUL is found.health
