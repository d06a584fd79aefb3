"""`lastgood init` as a command."""

import os
from pathlib import Path

import pytest

from commands import command

pytestmark = pytest.mark.slow


def test_the_first_file_is_written_once_and_passes_the_check(tmp_path: Path) -> None:
    """A second time it is refused."""
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "home"), "NO_COLOR": "1"}
    first = command(("init",), environment, tmp_path)
    again = command(("init",), environment, tmp_path)
    checked = command(("check",), environment, tmp_path)

    assert (0, 2, 0) == (first.returncode, again.returncode, checked.returncode), checked.stdout
    assert "not found  Loki" in first.stdout
    assert "--force" in again.stderr
