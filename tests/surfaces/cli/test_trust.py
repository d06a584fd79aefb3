"""`lastgood trust`: a file of settings is trusted as it is, and no longer."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands import command
from lastgood.config import untrusted
from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line

FILE = '[[snapshot]]\nname = "ps"\ncommand = ["ps"]\n'


def run(*words: str) -> str:
    """What it prints."""
    found = CliRunner().invoke(command_line("trust"), ["trust", *words])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.stdout


def test_a_file_is_trusted_and_trust_is_revoked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it says about commands is in force in between."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("LASTGOOD_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("lastgood.toml").write_text(FILE)

    states = [untrusted() is None]
    for words in ((), ("--revoke",)):
        assert str(tmp_path / "lastgood.toml") in run(*words)
        states.append(untrusted() is None)

    assert [False, True, False] == states


def test_a_file_that_is_not_there_is_a_mistake_of_the_caller(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is trusted in advance."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError):
        run()


@pytest.mark.slow
def test_every_command_says_what_is_left_out_and_how_to_trust_it(tmp_path: Path) -> None:
    """On standard error, before anything else; once it is trusted nothing is said."""
    (tmp_path / "lastgood.toml").write_text(FILE)
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    environment.pop("LASTGOOD_CONFIG", None)

    def said(*words: str) -> str:
        return command(words, environment, tmp_path).stderr

    first = said("load")
    said("trust")

    assert ["snapshot" in first, "lastgood trust" in first] == [True, True]
    assert "lastgood trust" not in said("load")
