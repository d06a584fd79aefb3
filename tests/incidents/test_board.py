"""The board: how hypotheses stand after what was checked, and what to check next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypotheses import ANZ, OTHERS, checked, hypothesis
from incidents.test_state import START, entries
from lastgood.incidents.board import board_of
from lastgood.model.entry import Noted, Payload, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import (
    Board,
    HypothesisAdded,
    HypothesisReopened,
    HypothesisRuledOut,
    Predicted,
    Separation,
    Standing,
)
from lastgood.model.prediction import Outcome

YES, NO, FEW, MISSING = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE, Outcome.UNTESTABLE


def board(*payloads: Payload) -> Board:
    """What entries come to."""
    return board_of(entries(*payloads))


@pytest.mark.parametrize(
    ("standing", "outcomes", "kinds", "hints"),
    [
        (Standing.SUPPORTED, (YES, YES), (), 0),
        (Standing.RULED_OUT, (YES, NO), (), 0),
        (Standing.INCONCLUSIVE, (YES, FEW), (), 0),
        (Standing.SUPPORTED, (YES, MISSING), (), 0),
        (Standing.INCONCLUSIVE, (MISSING, MISSING), (), 0),
        # A hint that fails rules nothing out, one that holds supports nothing; nor does timing.
        (Standing.SUPPORTED, (YES, NO), (), 1),
        (Standing.INCONCLUSIVE, (MISSING, YES), (), 1),
        (Standing.INCONCLUSIVE, (YES,), ("time",), 0),
        (Standing.SUPPORTED, (FEW, YES), ("time",), 0),
        (Standing.RULED_OUT, (NO, YES), ("time",), 0),
        # It was undone, and the harm went: that decides, whatever else is open.
        (Standing.SUPPORTED, (FEW, YES), ("share", "experiment"), 0),
    ],
)
def test_how_a_hypothesis_stands(
    standing: Standing, outcomes: tuple[Outcome, ...], kinds: tuple[str, ...], hints: int
) -> None:
    """By the results of its latest check."""
    found = board(hypothesis(ANZ, OTHERS), checked(1, *outcomes, kinds=kinds, hints=hints))

    assert [standing] == [one.standing for one in found.hypotheses]


def test_numbers_are_those_of_the_incident() -> None:
    """In the order in which they were added, whatever lies between."""
    found = board(hypothesis(ANZ), Noted("x"), hypothesis(OTHERS, text="banner"), checked(2, YES))

    assert [(1, "open"), (2, "supported")] == [(one.number, one.standing) for one in found.hypotheses]
    assert (4, 5) == (found.hypotheses[1].entry, found.hypotheses[1].checked_by)


def test_what_ruled_it_out_is_named() -> None:
    """The prediction that was refuted, with its evidence."""
    (one,) = board(hypothesis(ANZ, OTHERS), checked(1, YES, NO)).hypotheses

    assert not one.alive
    assert one.decided_by
    assert ("p1", (41,)) == (one.decided_by.checked.prediction, one.decided_by.evidence)


def test_a_person_rules_out_and_takes_up_again() -> None:
    """Their word stands over checks; taken up again, what was checked before does not count."""
    out = HypothesisRuledOut(1, "it was never deployed")
    (ruled,) = board(hypothesis(ANZ), out, checked(1, YES)).hypotheses
    (again,) = board(hypothesis(ANZ), checked(1, NO), HypothesisReopened(1, "the clock was wrong")).hypotheses

    assert (Standing.RULED_OUT, "it was never deployed") == (ruled.standing, ruled.because)
    assert (Standing.OPEN, ()) == (again.standing, again.results)


def test_since_when_it_is_supported() -> None:
    """From the first check that supports it, until one does not."""
    twice = board(hypothesis(ANZ), checked(1, YES), checked(1, YES)).hypotheses[0]
    lost = board(hypothesis(ANZ), checked(1, YES), checked(1, FEW)).hypotheses[0]

    assert entries(Noted(""), Noted(""))[2].at == twice.supported_at
    assert None is lost.supported_at


def test_entries_about_nothing_are_passed_over() -> None:
    """A number that this version has not seen added."""
    assert Board(()) == board(checked(1, YES), HypothesisRuledOut(3, "x"))


def test_the_check_that_tells_most() -> None:
    """One that rules something out either way comes before one that rules out only its own."""
    found = board(
        hypothesis("traffic() rises"),
        hypothesis(ANZ, "latency() at baseline"),
        hypothesis("latency() rises"),
    )

    assert Separation(2, 1, (2,), (3,)) == found.separation


def test_what_many_claim_is_worth_more() -> None:
    """Refuted, it rules out all of them."""
    found = board(hypothesis(OTHERS), hypothesis(ANZ), hypothesis("fails(issuer=ANZ) > 60%"))

    assert Separation(2, 0, (2, 3), ()) == found.separation


def test_only_open_predictions_of_those_alive_are_checked() -> None:
    """What is decided, or cannot be tested, tells nothing more; nor does what rules nothing out."""
    assert None is board(hypothesis(ANZ, OTHERS), checked(1, YES, MISSING)).separation
    assert None is board(hypothesis(ANZ), HypothesisRuledOut(1, "x")).separation
    assert None is board(hypothesis(hints=(ANZ,))).separation
    assert Separation(1, 1, (1,), ()) == board(hypothesis(ANZ, OTHERS), checked(1, YES, FEW)).separation


def test_what_the_data_cannot_test_is_no_next_check() -> None:
    """A prediction whose signal or field was missing when it was written; measured since, it counts like others."""
    lacking = HypothesisAdded(
        "dns", (Predicted("errors(peer=x) rises", "errors(peer=x) rises", lacks="there are no spans"),)
    )
    found = board(lacking, hypothesis(ANZ))

    assert Separation(2, 0, (2,), ()) == found.separation
    assert ("there are no spans",) == found.hypotheses[0].lacks
    assert None is board(lacking).separation
    assert () == board(lacking, checked(1, FEW)).hypotheses[0].lacks
    assert Separation(1, 0, (1,), ()) == board(lacking, checked(1, FEW)).separation


def test_queries_are_the_same_only_when_they_are_equal() -> None:
    """And a prediction of a newer language is no one's."""
    one = HypothesisAdded("a", (Predicted("value > 5", "value > 5", "SELECT 1"),))
    found = board(one, one, hypothesis("dances() rises"))

    assert Separation(1, 0, (1, 2), ()) == found.separation


PAYLOADS = st.one_of(
    st.lists(st.sampled_from((ANZ, OTHERS, "fails() rises")), max_size=3).map(
        lambda reported: hypothesis(*reported)
    ),
    st.builds(
        lambda n, out: checked(n, *out), st.integers(0, 4), st.lists(st.sampled_from(Outcome), max_size=3)
    ),
    st.builds(HypothesisRuledOut, st.integers(0, 4), st.just("because")),
    st.builds(HypothesisReopened, st.integers(0, 4), st.just("because")),
)


@given(st.lists(PAYLOADS, max_size=12))
def test_any_record_folds(payloads: list[Payload]) -> None:
    """Every hypothesis is there once; what is ruled out has its reason; the best check is of one that is alive."""
    found = board(*payloads)

    assert sum(isinstance(one, HypothesisAdded) for one in payloads) == len(found.hypotheses)
    assert all(one.alive or one.decided_by or one.because for one in found.hypotheses)
    assert found.separation is None or found.hypotheses[found.separation.hypothesis - 1].alive


def test_after_the_impact_ended_nothing_more_can_be_measured() -> None:
    """What was inconclusive is not offered again; what was never checked still is."""
    before = (hypothesis(ANZ, OTHERS), checked(1, YES, FEW))
    over = Triaged("", Verdict.YES, "5 % fail", since=START, ended=START)

    assert None is not board(*before).separation
    assert None is board(*before, over).separation
    assert None is not board(hypothesis(ANZ), over).separation
