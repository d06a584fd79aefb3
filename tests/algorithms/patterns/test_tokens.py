"""Tokens: the small vocabulary that scanner and keys share."""

from lastgood.algorithms.patterns.tokens import Kind, Token, marks


def test_marks_are_single_characters() -> None:
    """Punctuation falls apart, so that it can be compared one by one."""
    assert (Token(Kind.MARK, ":"), Token(Kind.MARK, "!")) == marks(":!")
    assert () == marks("")
