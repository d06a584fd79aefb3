"""Stems: forms of a word are found in a class that lists its stem only."""

import pytest

from lastgood.algorithms.messages.stems import is_in, is_irregular, stems, words

CLASS = words("forget investigate try stop use go people-person look engineer")


FORMS = """
forgot Forgotten forgetting investigates investigated tries tried stopped used going looking engineers engineer's engineers\u2019
"""


@pytest.mark.parametrize("word", FORMS.split())
def test_a_form_is_found(word: str) -> None:
    """Endings, doubled letters, irregular forms, possessives, capitals."""
    assert is_in(word, CLASS)


@pytest.mark.parametrize("word", ["forge", "investor", "goal", "us", "lookup", ""])
def test_another_word_is_not(word: str) -> None:
    """Words that only begin alike are others."""
    assert not is_in(word, CLASS)


def test_a_word_is_its_own_stem() -> None:
    """So that a class may also list forms."""
    assert "caches" in stems("Caches")


def test_irregular_verbs_are_told() -> None:
    """Nouns and comparatives among the irregular words are none."""
    assert [True, True, False, False] == [is_irregular(w) for w in ("broke", "Wrote", "people", "table")]
