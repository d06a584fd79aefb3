"""Whole files: at their place when they are complete, and not at all when something fails."""

import os
import stat
from pathlib import Path

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.workbench.whole_file import refuse_no_place, whole_file


def _write(place: Path, content: bytes = b"new") -> None:
    with whole_file(place) as file:
        file.write(content)


def _half(place: Path) -> None:
    with whole_file(place) as file:
        file.write(b"half")
        raise OSError(28, os.strerror(28))


def test_a_file_replaces_the_one_before_and_keeps_its_mode(tmp_path: Path) -> None:
    """Nothing else is left in the folder; a link still leads to the file."""
    place, link = tmp_path / "a", tmp_path / "link"
    place.write_bytes(b"old and longer")
    place.chmod(0o640)
    link.symlink_to(place)

    _write(link)

    assert (b"new", 0o640, True) == (
        place.read_bytes(),
        stat.S_IMODE(place.stat().st_mode),
        link.is_symlink(),
    )
    assert {"a", "link"} == {path.name for path in tmp_path.iterdir()}


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    """Not that of a temporary one."""
    (tmp_path / "other").touch()

    _write(tmp_path / "a")

    assert (tmp_path / "other").stat().st_mode == (tmp_path / "a").stat().st_mode


@pytest.mark.parametrize("before", [None, b"old"])
def test_what_fails_leaves_what_was_there(tmp_path: Path, before: bytes | None) -> None:
    """A full disk is a sentence with status 4; no empty or half file, and nothing beside it."""
    place = tmp_path / "a"
    if before is not None:
        place.write_bytes(before)

    with pytest.raises(CannotRunError, match=r"/a cannot be written: No space left on device\."):
        _half(place)

    assert before == (place.read_bytes() if place.exists() else None)
    assert [] == [path for path in tmp_path.iterdir() if path != place]


def test_a_fault_while_writing_is_passed_on(tmp_path: Path) -> None:
    """And leaves nothing."""
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "a"):
        raise ZeroDivisionError

    assert [] == list(tmp_path.iterdir())


def test_a_device_is_written_to_and_stays_one() -> None:
    """A full one is a sentence."""
    _write(Path("/dev/null"))
    with pytest.raises(CannotRunError, match="/dev/full cannot be written: No space left"):
        _write(Path("/dev/full"))

    assert Path("/dev/null").is_char_device()
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("place", ["gone/a", ".", "file/a"])
def test_where_no_file_can_be_is_a_usage_error(tmp_path: Path, place: str) -> None:
    """Before any work is done: in a missing folder, on a folder, under a file."""
    (tmp_path / "file").touch()

    for attempt in (refuse_no_place, _write):
        with pytest.raises(UsageError, match="cannot be written"):
            attempt(tmp_path / place)

    assert ["file"] == [path.name for path in tmp_path.iterdir()]


def test_a_folder_where_nothing_can_be_made_is_four() -> None:
    """It is no mistake in the request."""
    with pytest.raises(CannotRunError, match="/sys/lastgood cannot be written: "):
        _write(Path("/sys/lastgood"))
