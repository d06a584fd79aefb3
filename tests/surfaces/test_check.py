"""Flaws of settings in words."""

from pathlib import Path

from lastgood.surfaces.check import check_document, check_exit, check_text
from lastgood.workbench.check import ConfigFlaw

FILE = Path("lastgood.toml")


def test_errors_and_warnings_differ() -> None:
    """Only an error makes the file unusable."""
    warning, error = ConfigFlaw("sink[0].secret", "not set", fatal=False), ConfigFlaw("zones", "unknown")

    assert "lastgood.toml: fine\n" == check_text(FILE, ())
    assert (
        "lastgood.toml: warning: sink[0].secret: not set\nlastgood.toml: error: zones: unknown\n"
        == check_text(FILE, (warning, error))
    )
    assert [0, 0, 1] == [check_exit(found) for found in ((), (warning,), (warning, error))]
    assert {"file": "lastgood.toml", "usable": True, "flaws": []} == check_document(FILE, ())
