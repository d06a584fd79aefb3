"""`lastgood evidence` on a record: the list, one piece, and what is none. A rerun: test_incident."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lastgood.model.entry import Frozen
from lastgood.surfaces.cli.app import command_line
from rooms import room_in


def test_evidence_is_listed_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text and as JSON."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    with room_in(tmp_path) as room:
        rows = room.record.keep(b'{"columns": ["n"], "rows": [[7]]}')
        room.append(
            Frozen("5 % fail", "Is it real?", "SELECT 7 AS n", {}, None, 1, cut_off=False, content=rows)
        )

    shown = {
        words: CliRunner().invoke(command_line(), ["evidence", *words.split()])
        for words in ("", "2", "2 -o json", "1")
    }

    assert "    2  Is it real? 5 % fail (1 row)\n" == shown[""].stdout
    assert "Is it real? 5 % fail" in shown["2"].stdout
    assert [{"n": 7}] == json.loads(shown["2 -o json"].stdout)["kept"]
    assert "is no evidence" in str(shown["1"].exception)
