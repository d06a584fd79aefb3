"""Drills that ship and own ones."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from lastgood.errors import UsageError
from lastgood.model.drill import Course
from lastgood.workbench.drill_list import drill_named, drills, own_drills
from lastgood.workbench.played import drills_home
from records import START


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


def test_a_copied_drill_has_the_name_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in the file that leads out of a folder is not taken; a folder that no drill may have is refused."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    course = Course(START, START, START, START, START, START)
    hostile = replace(drill_named("orders-fail"), name="../../elsewhere", course=course, scenario="")
    for name in ("theirs", "Their drill"):
        (drills_home() / name).mkdir(parents=True)
    (drills_home() / "theirs" / "drill.json").write_bytes(msgspec.json.encode(hostile))

    assert ["theirs"] == [one.name for one in own_drills()]
    for unplayable in (replace(hostile, course=None), replace(hostile, level=99)):
        (drills_home() / "theirs" / "drill.json").write_bytes(msgspec.json.encode(unplayable))
        with pytest.raises(UsageError, match="cannot be read: it has no recording"):
            own_drills()
    (drills_home() / "theirs" / "drill.json").write_bytes(msgspec.json.encode(hostile))
    (drills_home() / "Their drill" / "drill.json").write_bytes(msgspec.json.encode(hostile))
    with pytest.raises(UsageError, match="cannot be named 'Their drill'"):
        own_drills()
