"""Drills that ship and own ones."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.workbench.drill_list import drill_named, drills, own_drills
from lastgood.workbench.played import drills_home


def test_an_own_drill_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a name that is not there."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="no drill 'x'") as none:
        drill_named("x")
    (drills_home() / "mine").mkdir(parents=True)
    (drills_home() / "mine" / "drill.json").write_text("{}")

    assert all(one.name in none.value.hint for one in drills())
    with pytest.raises(UsageError, match=r"drill\.json cannot be read"):
        own_drills()
