"""Sentences, words and clauses of a text, each with its place in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_WORD = r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*['\u2019]?"
_TOKEN = re.compile(
    rf"(?P<figure>[#@$€£]?(?:{_WORD}[-_/.:])*[\w/:+-]*\d(?:[\w/:+-]|[.,](?=\w))*%?)"
    r"|(?P<name>[\w-]*(?:[_/#][\w.-]+)+|\w+(?:\.\w+){2,})"
    rf"|(?P<word>{_WORD})|(?P<mark>[^\w\s])"
)
# A full stop ends a sentence unless it stands in a number or after a shortening.
_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)(?<!\bvs)(?<!\bNo)[.!?…]+[\"”\u2019)]*(?=\s|$)|\n\s*\n|\n(?=\s*[-*•#]\s|\s*\w[\w ]{0,24}:)"
)


LONGEST = 600  # characters of a sentence


class Sort(Enum):
    """What a token is."""

    WORD = auto()
    FIGURE = auto()  # holds a digit
    NAME = auto()  # an identifier or a path
    MARK = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, figure, name or mark."""

    text: str
    start: int  # in the whole text
    sort: Sort

    @property
    def lower(self) -> str:
        """In lower case, with straight apostrophes."""
        return self.text.lower().replace("\u2019", "'")

    @property
    def end(self) -> int:
        """Where it ends in the whole text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its place in the whole text and its tokens."""

    text: str
    start: int
    tokens: tuple[Token, ...]

    @property
    def end(self) -> int:
        """Where it ends in the whole text."""
        return self.start + len(self.text)

    @property
    def words(self) -> tuple[str, ...]:
        """The words alone, in lower case."""
        return tuple(token.lower for token in self.tokens if token.sort is Sort.WORD)


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of a text, in order; headings and list items end one too."""
    start = 0
    for end in _ends(text):
        piece = text[start:end]
        bare = piece.strip().lstrip("-*•# \t")
        if any(character.isalnum() for character in bare):
            place = start + piece.index(bare)
            yield Sentence(bare, place, tuple(_tokens(bare, place)))
        start = end


def _ends(text: str) -> Iterator[int]:
    """Where sentences end; what is longer than any sentence is cut, so that no rule takes long over it."""
    start = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        yield from range(start + LONGEST, end, LONGEST)
        yield end
        start = end


def _tokens(text: str, place: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        sort = Sort[(match.lastgroup or "mark").upper()]
        yield Token(match.group(), place + match.start(), sort)
