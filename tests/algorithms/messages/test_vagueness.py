"""Vagueness: a claim with nothing in it is found, a short sentence with something in it is not."""

import pytest

from lastgood.algorithms.messages.sentences import sentences_of
from lastgood.algorithms.messages.vagueness import vague
from lastgood.model.message import Flaw, FlawKind


def flaws(text: str) -> list[Flaw]:
    return [flaw for sentence in sentences_of(text) for flaw in vague(sentence)]


@pytest.mark.parametrize(
    "text",
    ["We're looking into it.", "Our specialists continue to examine the matter.", "The fault was located and repaired."],
)  # fmt: skip
def test_work_without_an_object_is_vague(text: str) -> None:
    """Whatever the words for work are."""
    (flaw,) = flaws(text)

    assert FlawKind.VAGUE is flaw.kind
    assert "What exactly" in flaw.better


def test_a_quantity_that_is_no_number_is_asked_for_one() -> None:
    """The word is pointed at."""
    text = "Checkout fails for several customers in Norway."
    (flaw,) = flaws(text)

    assert "several" == text[flaw.start : flaw.end]
    assert "How many" in flaw.better


@pytest.mark.parametrize("text", ["Delays in card payments.", "There is no ETA.", "Jobs are piling up."])
def test_trouble_by_itself_is_asked_for_its_measure(text: str) -> None:
    """A fragment, an absence of news, a move without a number."""
    assert flaws(text)


def test_a_number_beside_it_makes_it_one() -> None:
    """`some` with its count is no vagueness."""
    assert [] == flaws("Some of the 412 customers, 38 of them, were charged twice.")


@pytest.mark.parametrize("text", ["We will post news shortly.", "Stay tuned.", "More details to follow."])
def test_news_without_a_time_is_told(text: str) -> None:
    """A reader cannot set a watch by it."""
    (flaw,) = flaws(text)

    assert FlawKind.NO_TIME is flaw.kind


@pytest.mark.parametrize(
    "text",
    [
        "Next update at 15:30 UTC.",
        "We are looking into why refunds time out.",
        "Invoices cannot be downloaded by anyone.",
        "The cause is not known.",
        "Refunds are not affected.",
        "Payments work again.",
        "There is no limit on the size of a batch.",
        "Reverting the config did not help.",
        "Our monitoring did not cover it.",
        "The load balancer failed to remove the backend.",
        "The lock blocked every later run.",
        "Support told the customer to clear the cache.",
        "Thank you for your patience.",
        "Owner: Sam.",
    ],
)
def test_something_said_is_not_vague(text: str) -> None:
    """A time, an open question, a total, an honest unknown, an exclusion, a courtesy."""
    assert [] == flaws(text)
