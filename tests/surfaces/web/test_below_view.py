"""What stands below the first screen, in words."""

from datetime import timedelta

from lastgood.hypotheses.proposals import Known, proposals
from lastgood.incidents.board import board_of
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured, Tally
from lastgood.model.entry import Entry, Opened, Payload
from lastgood.model.hypothesis import HypothesisAdded, HypothesisRuledOut, Predicted
from lastgood.surfaces.card import card_of
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.surfaces.terminal.text import card_text
from lastgood.surfaces.web.below_view import (
    action_rows,
    class_words,
    hypothesis_rows,
    next_check,
    pattern_rows,
    suspect_rows,
)
from lastgood.workbench.assess import triaged
from records import START
from sitreps import broken


def entries(*payloads: Payload) -> list[Entry]:
    every = (Opened("checkout fails"), *payloads)
    return [
        Entry(1, n, "kim", START + n * timedelta(minutes=1), START, one, "", "")
        for n, one in enumerate(every, 1)
    ]


def test_patterns_lead_to_their_lines() -> None:
    """By service and level, in absolute times."""
    row = next(pattern_rows(sitrep_document(broken()), "2026-11-22T14:00:00Z", "2026-11-22T15:16:00Z"))

    assert row.word in {"new", "more"}
    assert "0" == row.usual
    assert row.sample
    assert "from=2026-11-22T14%3A00%3A00Z" in row.query
    assert row.count


def test_the_first_suspect_is_marked_by_its_confidence() -> None:
    """A sure one is likely; one that is merely first is possible."""
    document = sitrep_document(broken())
    first = next(suspect_rows(document))
    document["culprits"][0]["confidence"] = 0.2

    assert "likely" == first.shape
    assert "possible" == next(suspect_rows(document)).shape


def test_a_suspect_is_named_as_on_the_card_and_on_the_board() -> None:
    """One name for one suspect, and one for its class."""
    sitrep = broken()
    card, document = card_text(card_of(sitrep)), sitrep_document(sitrep)
    suspect, words = next(suspect_rows(document)).name, class_words(document)
    (board, *_) = proposals(triaged(sitrep, ""), Known())

    assert suspect == "payments/api.stripe.com"
    assert f"{suspect} (external" in card
    assert words.partition(":")[0] in card
    assert f"{words.partition(':')[0]} of {suspect}" == board.text


def test_what_is_ruled_out_stands_at_the_end() -> None:
    """With the reason; a prediction that was not run says so."""
    predicted = (Predicted("fails(a=b) > 50%", "fails(a=b) > 50%"),)
    board = board_of(
        entries(
            HypothesisAdded("a deploy", predicted),
            HypothesisAdded("the provider", predicted),
            HypothesisRuledOut(1, "no deploy"),
        )
    )
    rows = list(hypothesis_rows(board, START))

    assert [("the provider", "open"), ("a deploy", "out")] == [(row.text, row.shape) for row in rows]
    assert "no deploy" == rows[1].because
    assert "not checked" == rows[0].results[0].word
    assert next_check(board).startswith("Check fails(a=b) > 50%")
    assert "" == next_check(board_of(entries()))


def test_an_action_shows_what_it_did() -> None:
    """Shares of the three times, or that nothing is measured."""
    begun = ActionBegun("flag_off", "anz-3ds", "kim")
    good, before, after = Tally(4, 2000, 60.0), Tally(50, 1000, 60.0), Tally(2, 1000, 60.0)
    measured = EffectMeasured(
        2, Effect.RECOVERED, "back at the baseline", good=good, before=before, after=after
    )
    (open_one,) = action_rows(incident_of(entries(begun)), START)
    (row,) = action_rows(incident_of(entries(begun, measured)), START)

    assert (True, "not measured") == (open_one.open, open_one.word)
    assert ("recovered", "likely", False) == (row.word, row.shape, row.open)
    assert ("before", "5\u00a0%", "50 of 1\u00a0000") == row.tallies[1]
