"""`lastgood holdings` from outside."""

from pathlib import Path

import pytest

from commands import lastgood


@pytest.mark.slow
def test_an_empty_store_holds_nothing(tmp_path: Path) -> None:
    """Every signal is named, and the status says that there is nothing."""
    shown = lastgood(tmp_path, "holdings")

    assert 3 == shown.returncode
    assert "spans     none" in shown.stdout
