"""`--out`: refused early where no file can be, and written whole."""

from pathlib import Path

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.surfaces.cli._out import checked, save


def test_what_was_asked_for_is_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And where it is, is said on standard error."""
    save(tmp_path / "card.html", b"<p>")

    assert b"<p>" == (tmp_path / "card.html").read_bytes()
    assert ("", f"written to {tmp_path}/card.html\n") == tuple(capsys.readouterr())


def test_nothing_is_checked_where_nothing_is_asked_for(tmp_path: Path) -> None:
    """Standard output, or a file that can be."""
    checked(None)
    checked(tmp_path / "card.html")
    with pytest.raises(UsageError, match="there is no folder"):
        checked(tmp_path / "gone" / "card.html")

    assert [] == list(tmp_path.iterdir())


def test_a_full_disk_is_no_mistake_of_the_caller() -> None:
    """Status 4."""
    with pytest.raises(CannotRunError, match="/dev/full cannot be written: No space left on device"):
        save(Path("/dev/full"), b"x")
