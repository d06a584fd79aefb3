"""Sentences and tokens: split where people end them, each with its place."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.messages.sentences import Sort, sentences_of


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentences_of(text)]


def test_full_stops_in_numbers_and_shortenings_end_nothing() -> None:
    """A version, a share, a host and `e.g.` hold full stops."""
    text = "Rolled back to 2.45.1, e.g. on api.example.com. Errors are at 0.2 %!"

    assert ["Rolled back to 2.45.1, e.g. on api.example.com.", "Errors are at 0.2 %!"] == split(text)


def test_labels_and_list_items_are_sentences_of_their_own() -> None:
    """A draft has lines; a wrapped line goes on."""
    text = "Impact: 5 % of logins\nfail\nNext update: 15:30 UTC\n- one\n- two"

    assert ["Impact: 5 % of logins\nfail", "Next update: 15:30 UTC", "one", "two"] == split(text)


def test_tokens_are_reported_apart() -> None:
    """Words, figures, identifiers and marks."""
    (sentence,) = sentences_of("Tom's pool_size of db-2 is 10.")

    assert [
        ("Tom's", Sort.WORD), ("pool_size", Sort.NAME), ("of", Sort.WORD), ("db-2", Sort.FIGURE),
        ("is", Sort.WORD), ("10", Sort.FIGURE), (".", Sort.MARK),
    ] == [(token.text, token.sort) for token in sentence.tokens]  # fmt: skip
    assert ("tom's", "of", "is") == sentence.words


@given(st.text(max_size=200))
def test_every_place_holds(text: str) -> None:
    """Whatever is written: sentences are in order, and sentences and tokens stand where they say."""
    end = 0
    for sentence in sentences_of(text):
        assert sentence.text == text[sentence.start : sentence.end]
        assert end <= sentence.start
        assert all(token.text == text[token.start : token.end] for token in sentence.tokens)
        end = sentence.end
