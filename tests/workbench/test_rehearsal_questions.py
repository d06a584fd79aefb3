"""Which questions a card answers."""

from dataclasses import replace

import pytest

from lastgood.model.answers import Culprit, Culprits, ImpactKind
from lastgood.model.finding import Verdict
from lastgood.model.readiness import ENOUGH, Measured, Piece
from lastgood.model.rehearsal import Effect
from lastgood.model.window import Window
from lastgood.workbench.rehearsal_questions import ONSET_WITHIN, questions
from sitreps import broken

GAPS = (
    Measured(Piece.USERS, 1, 100, "web"),
    Measured(Piece.DEPLOYS, 0, 1),
    Measured(Piece.LINES, 0, 1, "web"),
)


def test_a_wrong_answer_is_not_an_answer_and_names_what_is_missing() -> None:
    """A culprit that is another service; an onset that is minutes away; without answers nothing is answered."""
    card = replace(broken(), culprits=Culprits((Culprit("web", None, None, "code", 0.9, "it fails"),)))
    onset = card.onset
    assert onset is not None
    bad = Window(onset.at, onset.at + ONSET_WITHIN)
    right = {one.question: one for one in questions(card, Effect("web", 0.5), bad, GAPS)}
    late = Window(onset.at + 2 * ONSET_WITHIN, onset.at + 3 * ONSET_WITHIN)
    wrong = {one.question: one for one in questions(card, Effect("mail", 0.5), late, GAPS)}

    assert right["Is it real?"].answered is (card.is_real is Verdict.YES)
    assert (True, True) == (right["Since when?"].answered, right["Where does it break?"].answered)
    assert (False, False) == (wrong["Since when?"].answered, wrong["Where does it break?"].answered)
    assert [Piece.DEPLOYS] == [one.piece for one in wrong["What changed?"].missing]
    assert () == wrong["What do the logs show?"].missing
    assert () == right["Since when?"].missing


@pytest.mark.parametrize(("named", "answered"), [(ENOUGH, True), (ENOUGH - 0.01, False), (0.04, False)])
def test_users_of_a_few_requests_are_no_answer(named: float, answered: bool) -> None:
    """Who is affected is known where most affected requests name their user; the gap is named where not."""
    card = broken()
    assert card.confirmation is not None
    assert card.confirmation.impact is not None
    impact = replace(
        card.confirmation.impact,
        kind=ImpactKind.ERRORS,
        failed=100,
        users=5,
        unnamed=100 - round(100 * named),
    )
    card = replace(card, confirmation=replace(card.confirmation, impact=impact))
    bad = Window(card.asked_at, card.asked_at + ONSET_WITHIN)
    (who,) = [
        one for one in questions(card, Effect("web", 0.5), bad, GAPS) if one.question == "Who is affected?"
    ]

    assert (answered, "at least 5 users") == (
        who.answered,
        who.said.split(";")[0].replace("\N{NO-BREAK SPACE}", " "),
    )
    assert answered is (Piece.USERS not in [one.piece for one in who.missing])


def test_a_service_that_is_only_slow_is_not_asked_for_new_lines() -> None:
    """The rehearsal writes a line for a failure only."""
    card = broken()
    bad = Window(card.asked_at, card.asked_at + ONSET_WITHIN)

    for errors, asked in ((0.0, False), (0.5, True)):
        found = [one.question for one in questions(card, Effect("web", errors, 2.0), bad, GAPS)]
        assert asked is ("What do the logs show?" in found)
