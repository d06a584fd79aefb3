"""Vagueness: a sentence of words without content is found; a number, time, entity or “not known” makes it specific."""

import pytest

from lastgood.algorithms.messages.sentences import sentences_of
from lastgood.algorithms.messages.vague import vague
from lastgood.model.message import Flaw, FlawKind


def flaws(text: str, *known: str) -> list[Flaw]:
    return [flaw for sentence in sentences_of(text) for flaw in vague(sentence, known)]


@pytest.mark.parametrize(
    "text",
    ["We're looking into it.", "Doing now: We are looking into it.", "Our specialists are still examining it.", "The fault was located and repaired."],
)  # fmt: skip
def test_work_without_an_object_is_vague(text: str) -> None:
    """It is asked for the object."""
    (flaw,) = flaws(text)

    assert FlawKind.VAGUE is flaw.kind
    assert "What exactly" in flaw.better


def test_slower_than_usual_is_asked_by_how_much() -> None:
    """With the number it is not vague."""
    (flaw,) = flaws("Answers are slower than usual.")

    assert FlawKind.VAGUE is flaw.kind
    assert not flaws("Answers are slower than usual: p95 8 s.")


def test_a_quantity_that_is_no_number_is_asked_for_one() -> None:
    """The word is pointed at."""
    text = "Checkout fails for several customers."
    (flaw,) = flaws(text)

    assert "several" == text[flaw.start : flaw.end]
    assert "How many" in flaw.better


@pytest.mark.parametrize(
    "text", ["We will post news shortly.", "Stay tuned.", "We hope to restore checkout soon."]
)
def test_a_time_that_is_none_is_asked_for_one(text: str) -> None:
    """A reader cannot set a watch by it."""
    (flaw,) = flaws(text)

    assert FlawKind.NO_TIME is flaw.kind


@pytest.mark.parametrize(
    "text",
    [
        "We are looking into it until 15:30 UTC.",
        "We fixed two of the servers.",
        "Some of the 412 customers, 38 of them, were affected.",
        "The cause is not known.",
        "Requests of customers are not affected.",
        "All users are affected.",
        "We are working on order_items.",
        "No action is needed.",
    ],
)
def test_a_tie_makes_it_specific(text: str) -> None:
    """A time, a number, an honest “not known”, a total, an identifier."""
    assert [] == flaws(text)


def test_a_known_entity_makes_it_specific() -> None:
    """A service may have the name of a word without content."""
    text = "The platform is slow."

    assert 1 == len(flaws(text))
    assert [] == flaws(text, "platform")


@pytest.mark.parametrize(
    "text",
    [
        "Payments work again.",
        "Reverting the config did not help.",
        "The report cannot show how many rows it reads.",
        "Impact was limited to the Canadian region.",
        "The job runs shortly after the import.",
        "The site is down.",
        "Resolved.",
        "Thank you for your patience.",
        "Owner: Sam.",
    ],
)
def test_a_word_of_content_is_enough(text: str) -> None:
    """Whatever it means; a courtesy claims nothing."""
    assert [] == flaws(text)
