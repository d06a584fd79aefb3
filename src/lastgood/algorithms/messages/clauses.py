"""Who does what: the subject of each clause of a sentence, and what is said of it, found without a dictionary.

English puts the subject first: the words of a clause up to the first verb, preposition or relative pronoun are its
subject, the last of these words is its head. A clause that begins with its verb has the subject of the one before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from lastgood.algorithms.messages import blame_words as who
from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, is_irregular, words

AUXILIARIES = words(
    "is are was were be been being am has have had do does did will would can could should shall must may might isn't aren't wasn't "
    "weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't ought needs need never"
)
_ENDS_SUBJECT = words(
    "of on in at by for from with without to who whom which that whoever than into over during after before under against "
    "through between as despite"
)
_SPLITS = words("because since so and but while when if that although though whereas who whom then or until")
_MARKS = frozenset(",;:()\u2013\u2014")
_VERBS = (
    who.CARELESS
    | who.HARMFUL
    | who.DUTIES
    | who.DEEDS
    | say.EMPTY_VERBS
    | frozenset({"fail", "insist", "lack", "cause", "need"})
)
_ADVERBS = who.CARELESSLY | words("never just simply also again still already even then always only")


@dataclass(frozen=True, slots=True)
class Clause:
    """A subject, its head, and the words said of it; the subject may be empty."""

    subject: tuple[Token, ...]
    said: tuple[Token, ...]
    before: str  # the word that joins it to what stands before
    inherited: bool = False  # the subject is that of the clause before

    @property
    def head(self) -> Token | None:
        """The word that names who or what it is about."""
        return self.subject[-1] if self.subject else None

    @property
    def words(self) -> tuple[str, ...]:
        """What is said, in lower case."""
        return tuple(token.lower for token in self.said)


def clauses_of(sentence: Sentence) -> Iterator[Clause]:
    """The clauses of a sentence in order."""
    subject: tuple[Token, ...] = ()
    for before, tokens in _pieces(sentence.tokens):
        cut = 0 if _begins_with_verb(tokens[0], before) else _verb_place(tokens)
        own = tuple(
            token for token in tokens[:cut] if token.sort is not Sort.MARK and token.lower not in _ADVERBS
        )
        about_before = before in {"who", "whom"} and not own
        inherited = not own and bool(subject)
        subject = own or subject
        yield Clause(subject, tuple(tokens[cut:]), before, inherited or about_before)


def _pieces(tokens: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
    before, piece = "", list[Token]()
    for token, after in zip_longest(tokens, tokens[1:]):
        joint = token.lower in _SPLITS and token.sort is Sort.WORD
        if (
            token.lower == "that"
        ):  # of a thing (`a flag that was off`), or of a statement (`found that rows fail`)
            joint = after is not None and after.lower not in AUXILIARIES
        if joint or token.text in _MARKS:
            if piece:
                yield before, piece
            before, piece = token.lower, []
        else:
            piece.append(token)
    if piece:
        yield before, piece


def _begins_with_verb(token: Token, before: str) -> bool:
    """Whether a clause has no subject of its own."""
    past = (token.lower.endswith("ed") and len(token.lower) > 4) or is_irregular(token.lower)
    return past or (before in {"who", "that"} and is_in(token.lower, _VERBS))


def _verb_place(tokens: Sequence[Token]) -> int:
    """Where the subject ends."""
    named = False
    for place, (token, after) in enumerate(zip_longest(tokens, tokens[1:])):
        if token.sort is not Sort.WORD:
            named = True
            continue
        if _ends(token, named=named, after=after):
            return place
        named = named or token.lower not in {
            "the",
            "a",
            "an",
            "our",
            "their",
            "his",
            "her",
            "its",
            "my",
            "your",
            "this",
            "that",
            "these",
            "one",
            "of",
        }
    return len(tokens)


def _ends(token: Token, *, named: bool, after: Token | None) -> bool:
    word = token.lower
    if word in AUXILIARIES or word in _ENDS_SUBJECT:
        return True
    if not named:
        return False
    return (
        (is_in(word, _VERBS) and not _is_noun_too(word, after))
        or word in who.CARELESSLY
        or (word.endswith("ed") and len(word) > 4)
    )


def _is_noun_too(word: str, after: Token | None) -> bool:
    """Whether it is a noun here: `team lead`, `change author`, `the build fails`."""
    if word in who.PEOPLE or word in who.CHANGES or word in say.EMPTY_NOUNS:
        return True
    return after is not None and after.lower in who.PEOPLE
