"""Word classes: forms of a word are found in a class that lists its base form only."""

import pytest

from lastgood.algorithms.messages.vocabulary import PLAIN, forms, is_in, is_past, phrase_in

OF_A_CLASS = """
forgot Forgotten forgetting overlooks overlooked skipped misconfigured misread
"""


@pytest.mark.parametrize("word", OF_A_CLASS.split())
def test_a_form_is_found(word: str) -> None:
    """Endings, doubled letters, irregular forms, capitals."""
    assert is_in(word, "careless")


@pytest.mark.parametrize("word", ["engineer's", "engineers\u2019", "Engineers"])
def test_possessives_are_found(word: str) -> None:
    """With either apostrophe."""
    assert is_in(word, "careless", "role")


@pytest.mark.parametrize("word", ["forge", "skipper", "misty", "us", ""])
def test_another_word_is_not(word: str) -> None:
    """Words that only start alike are others."""
    assert not is_in(word, "careless", "role")


def test_a_word_is_its_own_form() -> None:
    """So that a class may also list forms."""
    assert {"caches", "cache"} < forms("Caches")


def test_the_past_has_a_form() -> None:
    """Regular or not."""
    assert [True, True, False, False] == [is_past(w) for w in ("broke", "deployed", "deploy", "red")]


def test_a_phrase_is_found_at_word_ends() -> None:
    """A part of another word is not."""
    assert "stay tuned" == phrase_in("please stay tuned", "soon")
    assert None is phrase_in("stay tunedly", "soon")


def test_each_word_of_insiders_has_a_plain_one() -> None:
    """Two words may share one."""
    assert PLAIN["qps"] == PLAIN["rps"]
