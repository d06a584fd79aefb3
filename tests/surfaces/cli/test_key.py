"""`lastgood key`: keys are made, listed and revoked beside a server."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line


def reported(folder: Path, *words: str) -> str:
    found = CliRunner().invoke(
        command_line("key"), ["key", *words, *(["--record", f"sqlite:///{folder / 'record.db'}"])]
    )
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.stdout


def test_a_key_is_printed_once_listed_and_revoked(tmp_path: Path) -> None:
    """Only its kind and name are shown later."""
    ingest = reported(tmp_path, "create", "--name", "shop").strip()
    token = reported(tmp_path, "create", "--name", "scorer", "--role", "viewer", "--days", "3").strip()
    listed = reported(tmp_path, "list")

    assert ("lgi_", "lgt_") == (ingest[:4], token[:4])
    assert ingest not in listed
    assert token not in listed
    first = next(line for line in listed.splitlines() if "shop" in line)
    assert "for good" in first
    reported(tmp_path, "revoke", first.split()[0])
    assert "no longer valid" in reported(tmp_path, "list")


def test_a_role_that_is_none_is_refused(tmp_path: Path) -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match="no role"):
        reported(tmp_path, "create", "--name", "x", "--role", "king")
