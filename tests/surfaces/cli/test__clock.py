"""Which clock a command has."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.surfaces.cli import _clock
from lastgood.workbench.drill_clock import DrillClock
from servers import now

DRILLED = ("LASTGOOD_DRILL", "LASTGOOD_RECORD")


def test_a_drill_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it stands, nothing is recorded; a real record beside it is dated by the machine."""
    stood = DrillClock(tmp_path, now).pause()
    for name, value in zip(DRILLED, (tmp_path, f"sqlite:///{tmp_path}/record.db"), strict=True):
        monkeypatch.setenv(name, str(value))
    assert stood == _clock.now()
    with pytest.raises(UsageError, match="is stopped"):
        _clock.recording()

    monkeypatch.setenv("LASTGOOD_RECORD", "sqlite:///real.db")
    assert stood < _clock.now()
    assert stood < _clock.recording()
    found = _clock.drill_clock(tmp_path)
    assert found is not None
    assert stood == found()

    monkeypatch.delenv("LASTGOOD_DRILL")
    assert _clock.drill_clock() is None
