"""`lastgood probe` from outside."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line
from rooms import room_in
from sites import OK, nameserver, says, site


def test_a_probe_prints_its_verdict_and_records_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a resolver of its own; the status is that of the verdict."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    with site(says(OK)) as port, nameserver({"a.test": ("127.0.0.1",)}) as resolver, room_in(tmp_path):
        words = ["probe", f"http://a.test:{port}/", "--allow-private", "--resolver", resolver]
        text = CliRunner().invoke(command_line("probe"), words)
        document = CliRunner().invoke(command_line("probe"), [*words, "-o", "json"])

    assert [0, 0] == [text.exit_code, document.exit_code]
    assert text.stdout.startswith("NO FAULT SEEN: every layer works from here")
    assert "recorded: incident 1, entry 2" in text.stderr
    assert "no fault seen" == json.loads(document.stdout)["place"]


def test_a_private_address_is_a_mistake_of_usage() -> None:
    """Unless it is meant."""
    shown = CliRunner().invoke(command_line("probe"), ["probe", "http://127.0.0.1/"])

    assert isinstance(shown.exception, UsageError)
