"""Limits of an archive: what is left out is reported, and what came before is kept."""

from pathlib import Path

import pytest

from lastgood.workbench import archive_limits
from packed import LINE, opened, tar, zipped


@pytest.mark.parametrize("make", [lambda m: tar(m, "w:gz"), zipped], ids=["tar", "zip"])
def test_limits_are_reported_and_what_came_before_is_kept(
    make: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many members, and too many bytes for the archive's size."""
    content = make({f"{n}.log": LINE for n in range(9)} | {"big": b"\0" * 3_000_000})  # type: ignore[operator]
    with monkeypatch.context() as patched:
        patched.setattr(archive_limits, "MOST_MEMBERS", 5)
        whole, *members = opened(content, tmp_path)
    assert "more than 5 members are not read" in whole.problem
    assert 5 == len(members)

    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(archive_limits, "FREE_BYTES", 100_000)
    whole, *members = opened(content, other)
    assert "it unpacks to more than 250 times its size" in whole.problem
    assert [f"bundle!/{n}.log" for n in range(9)] == [given.name for given in members][:9]
