"""`lastgood doctor` as a command."""

import json
from pathlib import Path

import pytest

from commands import lastgood

pytestmark = pytest.mark.slow


def test_a_new_machine_is_usable(tmp_path: Path) -> None:
    """With warnings; an input that is not there is an error."""
    fine = lastgood(tmp_path, "doctor", "-o", "json")
    broken = lastgood(tmp_path, "doctor", str(tmp_path / "none"))

    assert (0, 1) == (fine.returncode, broken.returncode)
    assert json.loads(fine.stdout)["usable"]
    assert "it does not exist" in broken.stdout
