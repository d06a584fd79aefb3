"""What ties a sentence to something that can be looked up, and what of it is content."""

import pytest

from lastgood.algorithms.messages.anchors import anchored, content, figures, is_time, unknown
from lastgood.algorithms.messages.sentences import Sentence, sentences_of


def one(text: str) -> Sentence:
    (sentence,) = sentences_of(text)
    return sentence


@pytest.mark.parametrize(
    ("text", "tied"),
    [
        ("Logins through Okta fail.", True),
        ("Nobody can buy anything in shops.", True),
        ("We are looking into why refunds time out.", True),
        ("Refunds are not affected.", True),
        ("There is no limit on the size of a batch.", True),
        ("The monitoring did not cover it.", True),
        ("No action is needed.", True),
        ("We are looking into it.", False),
    ],
)
def test_a_sentence_is_tied_or_not(text: str, *, tied: bool) -> None:
    """By a name, a total, an open question, what is not hurt, what is missing."""
    assert tied == anchored(one(text))


def test_the_status_of_an_answer_counts_nothing() -> None:
    """`502` says what, not how many."""
    assert [] == figures(one("It returns 502."))
    assert ["40"] == [token.text for token in figures(one("It failed 40 times."))]


def test_times_are_clocks_and_days() -> None:
    """A number alone is no time."""
    assert [True, True, False] == [is_time(one(text).tokens[0]) for text in ("15:30", "Monday", "15")]


def test_an_honest_unknown_names_what_is_unknown() -> None:
    """Without it, it says nothing."""
    assert unknown(one("The cause is not known."))
    assert not unknown(one("Not sure."))


def test_content_is_what_function_words_and_empty_words_leave() -> None:
    """A topic alone is none."""
    assert ["invoices"] == content(one("We are looking into invoices."))
    assert [] == content(one("We are looking into the database."))
