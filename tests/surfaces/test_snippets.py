"""How each piece is added, by language."""

import re
import subprocess
from pathlib import Path

import pytest

from lastgood.model.readiness import Piece
from lastgood.surfaces.snippets import NAMES, NEUTRAL, named, snippet
from outcomes import outcome


@pytest.mark.parametrize("language", ["java", "nodejs", "go", "python"])
def test_each_language_has_its_own(language: str) -> None:
    """For what is done in code; no snippet is that of another language."""
    mine = {piece: snippet(piece, language) for piece in Piece}
    others = {snippet(piece, other) for piece in Piece for other in NAMES if other != language}
    in_code = {Piece.SPANS, Piece.TRACES, Piece.USERS, Piece.TRACE_IDS, Piece.METRICS, Piece.HEALTH}

    assert not {mine[piece] for piece in in_code} & others
    assert named(language) != language


def test_any_other_language_has_the_neutral_one() -> None:
    """Also where none was seen."""
    assert set(Piece) == set(NEUTRAL)
    for language in ("", "rust", "cobol"):
        assert NEUTRAL[Piece.USERS] == snippet(Piece.USERS, language)
    assert "cobol" == named("cobol")


@pytest.mark.parametrize(("piece", "kind"), [(Piece.DEPLOYS, "deploy"), (Piece.FLAGS, "flag")])
def test_a_change_that_a_shell_reports_is_read(tmp_path: Path, piece: Piece, kind: str) -> None:
    """The line that the neutral snippet appends is a change."""
    subprocess.run(["sh", "-c", NEUTRAL[piece]], cwd=tmp_path, check=True)
    found = outcome((tmp_path / "changes.ndjson").read_bytes(), "changes.ndjson")

    assert [kind] == [row["Kind"] for row in found.rows["lg_changes"]]


def test_no_name_or_version_of_anyone_is_pasted() -> None:
    """What the reader must fill in says so."""
    texts = [snippet(piece, language) for piece in Piece for language in ("", *NAMES)]

    assert not [text for text in texts if re.search(r"payments|discounts|\bv?\d+\.\d+\.\d+\b", text)]
    assert "service.version=YOUR-VERSION" in snippet(Piece.VERSIONS, "python")
