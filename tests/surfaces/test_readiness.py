"""Readiness in words."""

import pytest

from lastgood.model.readiness import Measured, Piece, Readiness
from lastgood.surfaces.readiness import WORDS, readiness_document, readiness_markdown, readiness_text, why
from model.test_readiness import HOUR

FOUND = Readiness(HOUR, (Measured(Piece.USERS, 40, 1000, "checkout"), Measured(Piece.DEPLOYS, 1, 1)))


def test_a_gap_says_the_question_the_number_and_the_way_out() -> None:
    """In each format."""
    for written in (readiness_text(FOUND), readiness_markdown(FOUND)):
        for words in (
            "Who is affected?",
            "user.id is on 4 % of the requests to checkout",
            "minutes",
            "set_attribute",
        ):
            assert words in written.replace("\u202f", " ").replace("\u00a0", " ")


def test_what_is_not_known_is_said() -> None:
    """Pieces without data are not counted as there."""
    assert "UNKNOWN   no data about: spans" in readiness_text(FOUND)


def test_a_program_gets_the_same() -> None:
    """Score, parts, and gaps whose points make up what the score lacks."""
    document = readiness_document(FOUND)

    assert ["users"] == [gap["piece"] for gap in document["gaps"]]
    assert pytest.approx(100, abs=0.1) == document["score"] + sum(gap["points"] for gap in document["gaps"])


@pytest.mark.parametrize("piece", Piece)
def test_every_piece_has_its_words(piece: Piece) -> None:
    """Without a hole left in them."""
    reported = why(Measured(piece, 1, 4, "checkout", "email"))

    assert reported
    assert "{" not in reported
    assert WORDS[piece].snippet


def test_nothing_missing_has_no_table() -> None:
    """Only the score."""
    assert "|" not in readiness_markdown(Readiness(HOUR, (Measured(Piece.DEPLOYS, 1, 1),)))
