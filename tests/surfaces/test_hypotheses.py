"""The board on one screen."""

from datetime import timedelta

from hypotheses import ANZ, OTHERS, checked, hypothesis
from incidents.test_state import entries
from lastgood.incidents.board import board_of
from lastgood.model.entry import Payload
from lastgood.model.hypothesis import HypothesisAdded, HypothesisRuledOut, Predicted, Search
from lastgood.model.prediction import Outcome
from lastgood.surfaces.hypotheses import (
    board_card,
    board_document,
    hypothesis_line,
    reported_line,
    standing_reason,
)
from lastgood.surfaces.terminal.text import card_text
from records import START

YES, NO, FEW = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE


def shown(*payloads: Payload, over: int = 0, whom: str = "") -> str:
    """The board as text; `over` are minutes without a supported one, beyond the time box."""
    box = timedelta(minutes=over) if over else None
    text = card_text(board_card(Search(board_of(entries(*payloads)), box, whom), START))
    return " ".join(text.split())


def test_those_alive_and_those_ruled_out() -> None:
    """Each with what was measured and its evidence; what ruled one out; the best next check with its command."""
    text = shown(
        hypothesis(ANZ, text="stripe"), hypothesis(OTHERS, text="banner"), hypothesis(ANZ, text="anz"),
        hypothesis(ANZ, text="bots"), checked(1, YES), checked(2, NO), HypothesisRuledOut(4, "no traffic of theirs"),
    )  # fmt: skip

    for part in (
        "2 hypotheses not ruled out, 1 supported",
        "H1 SUPPORTED, checked 14:50:00 · stripe supported p0: because 0 (E40)",
        "H3 NOT CHECKED · anz not checked fails(issuer=ANZ) > 50%",
        "RULED OUT H2 banner; refuted: p0: because 0 (E40)",
        "H4 bots; no traffic of theirs",
        "NEXT check `fails(issuer=ANZ) > 50%`: if refuted, H1, H3 are ruled out: lastgood hypothesis check H3",
    ):
        assert part in text, text


def test_a_check_is_named_as_it_was_made() -> None:
    """With the version that was compared, not with the words for it."""
    text = shown(hypothesis("errors(version=new) / errors(version=old) > 2"), checked(1, FEW))

    assert "NEXT check `p0`: if refuted, H1 is ruled out" in text, text


def test_what_left_one_undecided_is_no_claim() -> None:
    """Each result has its outcome: `p0` alone would read as found."""
    (undecided,) = board_of(entries(hypothesis(ANZ), checked(1, FEW))).hypotheses
    (supported,) = board_of(entries(hypothesis(ANZ), checked(1, YES))).hypotheses

    (restated,) = board_of(entries(hypothesis(ANZ), checked(1, YES, hints=1))).hypotheses

    assert standing_reason(undecided).startswith("inconclusive: p0: ")
    assert standing_reason(restated).startswith("p0: ")  # it was checked, and decides nothing
    assert standing_reason(supported).startswith("p0: ")


def test_the_time_box_is_over() -> None:
    """It is said how long, and to whom to escalate, or where that is set."""
    assert "40 min without a supported cause: escalate to the team lead" in shown(
        hypothesis(ANZ), over=40, whom="the team lead"
    )
    assert "[incident] escalate_to" in shown(hypothesis(ANZ), over=40)


def test_nothing_is_open_that_tells_them_apart() -> None:
    """Then another prediction is wanted."""
    text = shown(hypothesis(ANZ), hypothesis(ANZ), checked(1, YES), checked(2, YES))

    assert "add one on which they differ" in text


def test_what_the_data_cannot_test_says_what_is_needed() -> None:
    """In place of a check that could not be made; of one hypothesis too."""
    lacking = HypothesisAdded(
        "dns of payments", (Predicted("x", "errors(peer=x) rises", lacks="there are no spans"),)
    )

    text = shown(lacking)

    assert "CANNOT BE TESTED · dns of payments untestable errors(peer=x) rises: there are no spans" in text
    assert "NEXT the data cannot test H1: there are no spans; add such data, then check again" in text
    (one,) = board_of(entries(lacking)).hypotheses
    assert "cannot be tested (there are no spans): dns of payments" == hypothesis_line(one)


def test_a_check_that_rules_out_either_way() -> None:
    """Both sides are named; a query is shown as it was typed."""
    query = HypothesisAdded("q", (Predicted("value > 5", "value > 5", "SELECT 1"),))

    assert "if refuted, H1 is ruled out; if supported, H2 is ruled out" in shown(
        hypothesis("fails() rises"), hypothesis("fails() falls")
    )
    assert "check `SELECT 1`" in shown(query)


def test_one_line_and_json() -> None:
    """What ruled it out is in both."""
    board = board_of(entries(hypothesis(ANZ), checked(1, NO)))

    assert "ruled out: stripe changed 3DS (refuted: p0: because 0 (E40))" == hypothesis_line(
        board.hypotheses[0]
    )
    document = board_document(board)
    assert "ruled_out" == document["hypotheses"][0]["standing"]
    assert 0.5 == document["hypotheses"][0]["decided_by"]["checked"]["now"]["value"]


def test_a_proposed_hypothesis_without_a_prediction_says_so() -> None:
    """Rather than predicting what is true of all."""
    bare = HypothesisAdded("lock contention of orders", (), "class:lock_contention:orders")

    assert "no prediction: nothing in the data would show it and not the others" in shown(bare)
    assert "hypothesis H1 checked: it has no prediction" == reported_line(checked(1))
