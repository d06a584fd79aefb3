"""`lastgood evidence` on a record: the list, one piece, and what is none. A rerun: test_incident."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.errors import UntrustedCaseError
from lastgood.model.action import ActionBegun
from lastgood.model.entry import Frozen
from lastgood.surfaces.cli.app import command_line
from lastgood.workbench.case_file import exported, imported
from records import ticking
from rooms import config_in, room_in


def test_evidence_is_listed_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text and as JSON."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    with room_in(tmp_path) as room:
        rows = room.record.keep(b'{"columns": ["n"], "rows": [[7]]}')
        room.append(
            Frozen("5 % fail", "Is it real?", "SELECT 7 AS n", {}, None, 1, cut_off=False, content=rows)
        )

    shown = {
        words: CliRunner().invoke(command_line("evidence"), ["evidence", *words.split()])
        for words in ("", "2", "2 -o json", "1")
    }

    assert "E2    Is it real? 5 % fail (1 row)\n" == shown[""].stdout
    assert "Is it real? 5 % fail" in shown["2"].stdout
    assert [{"n": 7}] == json.loads(shown["2 -o json"].stdout)["kept"]
    assert "is not evidence" in str(shown["1"].exception)


@pytest.mark.parametrize(
    "words", ["evidence 2 --rerun", "hypothesis check", "hypothesis complete", "verify 3"]
)
def test_an_imported_case_is_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Every command that would read what it names, or run what it brings, has --trust-case."""
    (tmp_path / "from").mkdir()
    with room_in(tmp_path / "from", "Checkout failing", tmp_path / "app.log") as room:
        rows = room.record.keep(b'{"columns": ["n"], "rows": [[7]]}')
        room.append(Frozen("5 %", "Is it real?", "SELECT 7 AS n", {}, None, 1, cut_off=False, content=rows))
        room.append(ActionBegun("restart", "x", "kim"))
        exported(room, tmp_path / "case.zip", "")
    imported(config_in(tmp_path), ticking(), tmp_path / "case.zip")
    monkeypatch.setenv("LASTGOOD_RECORD", config_in(tmp_path).record)

    done = CliRunner().invoke(command_line(words.partition(" ")[0]), words.split())
    helped = CliRunner().invoke(command_line(words.partition(" ")[0]), [*words.split()[:2], "--help"])

    assert isinstance(done.exception, UntrustedCaseError)
    assert "--trust-case" in done.exception.hint
    assert "--trust-case" in helped.stdout
