"""A rehearsal in words."""

from dataclasses import replace
from datetime import timedelta

from lastgood.model.readiness import Measured, Piece
from lastgood.model.rehearsal import Asked, Effect, Rehearsal
from lastgood.model.window import Window
from lastgood.surfaces.readiness import why
from lastgood.surfaces.rehearsal import rehearsal_document, rehearsal_text
from records import START

FOUND = Rehearsal(
    Effect("payments", 0.4, where=(("region", "eu"),)), Window(START - timedelta(hours=1), START),
    Window(START - timedelta(minutes=10), START), 120,
    (Asked("Is it real?", True, "40 % fail"), Asked("Who is affected?", False, "0 users", (Measured(Piece.USERS, 4, 100, "web"),))),
)  # fmt: skip


def test_what_is_answered_and_what_is_missing() -> None:
    """For people and for programs."""
    text, document = rehearsal_text(FOUND), rehearsal_document(FOUND)

    assert "REHEARSAL payments errors=40% where region=eu · 1 of 2 questions answered" in text
    assert "120 requests of payments" in text
    assert "NOT       Who is affected?" in text
    assert "missing: user.id is on 4 % of the requests to web (mend in minutes)" in text
    assert [True, False] == [one["answered"] for one in document["questions"]]
    assert [why(Measured(Piece.USERS, 4, 100, "web"))] == document["questions"][1]["missing"]


def test_an_incident_that_is_left_out_is_named() -> None:
    """With its start, since the copy is not of the last hour."""
    beside = replace(FOUND, beside=START + timedelta(minutes=6))

    assert "the copy leaves out the incident that started at 14:51:00 UTC" in rehearsal_text(beside)
    assert (START + timedelta(minutes=6)).isoformat() == rehearsal_document(beside)["left_out"]
    assert "leaves out" not in rehearsal_text(FOUND)
