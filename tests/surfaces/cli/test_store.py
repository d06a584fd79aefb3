"""`lastgood store` from outside."""

from pathlib import Path

from commands import lastgood


def test_a_folder_without_a_store_is_no_data(tmp_path: Path) -> None:
    """Nothing is made where nothing was."""
    shown = lastgood(tmp_path / "home", "store", "repair", str(tmp_path / "nowhere"))

    assert 3 == shown.returncode
    assert not (tmp_path / "nowhere").exists()
