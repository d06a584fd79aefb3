"""Claims beyond what is known: causes without support, promises."""

import pytest

from lastgood.algorithms.messages.claims import promises, speculates
from lastgood.algorithms.messages.sentences import sentences_of


def guessed(text: str, *supported: str) -> list[str]:
    return [text[f.start : f.end] for s in sentences_of(text) for f in speculates(s, supported)]


def test_a_cause_without_support_is_reported_with_its_label() -> None:
    """The better sentence says that it is suspected."""
    (sentence,) = sentences_of("The outage was caused by the pool change.")
    (flaw,) = speculates(sentence)

    assert "Suspected: The outage was caused by the pool change (not confirmed)." in flaw.better


def test_a_supported_hypothesis_that_names_it_makes_it_known() -> None:
    """One about something else does not."""
    text = "The outage was caused by the pool change."

    assert [] == guessed(text, "pool of payments exhausted")
    assert ["caused by"] == guessed(text, "stripe declines ANZ")


@pytest.mark.parametrize(
    "text",
    [
        "It is probably the cache.",
        "I think DNS is at fault.",
        "It looks like a full disk.",
        "Might be DNS.",
        "Apparently the disk is full.",
    ],
)
def test_a_hedge_is_not_a_label(text: str) -> None:
    """Probably, I think, looks like."""
    assert 1 == len(guessed(text))
    assert 1 == len(guessed(text, "cache dns disk full"))


@pytest.mark.parametrize(
    "text",
    [
        "Suspected: the pool change, not confirmed.",
        "We suspect that errors come from the cache; this is not confirmed.",
        "Ruled out: errors due to the cron.",
        "We do not know whether the cache is the cause.",
        "Exports are paused because we rebuild the index.",
    ],
)
def test_what_is_labelled_or_explains_something_else_is_fine(text: str) -> None:
    """A label in whatever words; a reason for what we do."""
    assert [] == guessed(text)


@pytest.mark.parametrize(
    "text", ["This will never happen again.", "We guarantee your data.", "It won't recur.", "Fixed once and for all."]
)  # fmt: skip
def test_a_promise_is_reported(text: str) -> None:
    """In whatever words."""
    (sentence,) = sentences_of(text)

    assert 1 == len(list(promises(sentence)))


@pytest.mark.parametrize(
    "text", ["The job never ran.", "We cannot guarantee delivery before 18:00 UTC.", "We pay it back today."]
)
def test_facts_and_commitments_are_no_promise(text: str) -> None:
    """`never` of the past, a refusal to promise, what will be done."""
    (sentence,) = sentences_of(text)

    assert [] == list(promises(sentence))
