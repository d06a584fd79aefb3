"""Which questions a card answers."""

from dataclasses import replace

from lastgood.model.answers import Culprit, Culprits
from lastgood.model.finding import Verdict
from lastgood.model.readiness import Measured, Piece
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
