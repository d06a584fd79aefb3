"""Tokens: the kinds of things that a log message is made of."""

from enum import Enum
from typing import NamedTuple

WILDCARD = "<*>"


class Kind(Enum):
    """What a piece of text is."""

    SPACE = "space"
    MARK = "mark"  # punctuation
    WORD = "word"
    CODED = "coded"  # a word with a short number in it: eth0, L3
    DOTTED = "dotted"  # a package, class or domain, without digits
    VALUE = "value"  # number, id, address, path …


class Token(NamedTuple):
    """A piece of text with its kind."""

    kind: Kind
    text: str


SPACE = Token(Kind.SPACE, " ")


def marks(text: str) -> tuple[Token, ...]:
    """Every character as punctuation of its own."""
    return tuple(Token(Kind.MARK, character) for character in text)
