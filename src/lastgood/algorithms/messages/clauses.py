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
    "weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't ought needs need never "
    "should've could've would've might've must've"
)
_AFTER_NOUNS = words("responsible concerned involved herself himself themselves")
_DETERMINERS = words("the a an our their his her its my your this that these one of")
_OBJECTS = words("the a an our their his her its this these no any all some two three both another every")
# A piece that begins with one of these goes on with the clause before its comma.
_GOES_ON = words("against despite without instead contrary")
PREPOSITIONS = words(
    "of on in at by for from with without to than into over during after before under against through between as despite across within beyond behind via throughout"
)
_ENDS_SUBJECT = PREPOSITIONS | words("who whom which that")
_SPLITS = words("because since so and but while when if that although though whereas who whom then or until")
_MARKS = frozenset(",;:()\u2013\u2014")
_VERBS = (
    who.CARELESS
    | who.HARMFUL
    | who.DUTIES
    | who.DEEDS
    | who.RISKY
    | who.PRESSED
    | say.EMPTY_VERBS
    | frozenset({"fail", "insist", "lack", "cause", "need"})
)
_PRONOUNS = words("anybody anyone everybody everyone somebody someone nobody he she they whoever")
_BEFORE_MAIN = words("keep keeps kept to not who")
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
        """The word that names who or what it is about; what only follows it is passed over."""
        return next((token for token in reversed(self.subject) if not is_label(token)), None)

    @property
    def about(self) -> str:
        """The head in lower case; empty without one."""
        return self.head.lower if self.head else ""

    @property
    def words(self) -> tuple[str, ...]:
        """What is said, in lower case."""
        return tuple(token.lower for token in self.said)

    @property
    def main(self) -> int | None:
        """The place of the main verb in what is said."""
        found = self.words
        direct = bool(self.subject) and bool(found) and found[0] not in PREPOSITIONS
        for place, word in enumerate(found):
            if word in AUXILIARIES | _BEFORE_MAIN or word.endswith(("ly", "n't")):
                continue
            if (direct and word.isalpha()) or is_in(word, _VERBS) or is_past(word):
                return place
        return None


def clauses_of(sentence: Sentence) -> Iterator[Clause]:
    """The clauses of a sentence in order."""
    subject: tuple[Token, ...] = ()
    last: Token | None = None
    for before, tokens in _pieces(sentence.tokens):
        cut = 0 if _begins_with_verb(tokens, before) else _verb_place(tokens)
        own = tuple(token for token in tokens[:cut] if token.sort is not Sort.MARK and not _is_adverb(token))
        inherited = not own and bool(subject)
        which = tokens[0].lower == "which"
        if (before == "who" or which) and not own and last:  # it is about the noun just before it
            subject = (last,)
        subject = own or subject
        yield Clause(subject, tuple(tokens[cut:]), before, inherited)
        last = next((token for token in reversed(tokens) if token.sort is Sort.WORD), last)


def _is_adverb(token: Token) -> bool:
    return token.lower in _ADVERBS or (token.text.islower() and token.lower.endswith("ly"))


def is_label(token: Token) -> bool:
    """Whether it only follows a noun: `the team concerned`, `engineer X`."""
    return token.lower in _AFTER_NOUNS or (
        len(token.text) == 1 and token.text.isupper() and token.text != "I"
    )


def _pieces(tokens: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
    before, piece = "", list[Token]()
    for token, after in zip_longest(tokens, tokens[1:]):
        if not _splits(token, after):
            piece.append(token)
            continue
        if piece:
            yield before, piece
        before, piece = token.lower, []
    if piece:
        yield before, piece


def _splits(token: Token, after: Token | None) -> bool:
    if token.text in _MARKS:
        return after is None or after.lower not in _GOES_ON
    if (
        token.lower == "that"
    ):  # of a thing (`a flag that was off`), or of a statement (`found that rows fail`)
        return after is not None and after.lower not in AUXILIARIES | {"nobody", "no"}
    return token.sort is Sort.WORD and token.lower in _SPLITS


def is_past(word: str) -> bool:
    """Whether a word looks like the past of a verb."""
    return (
        (word.endswith("ed") and len(word) > 4)
        or is_irregular(word)
        or word in {"cost", "let", "cut", "hit", "used", "tied"}
    )


def _begins_with_verb(tokens: Sequence[Token], before: str) -> bool:
    """Whether a clause has no subject of its own."""
    first, second = tokens[0], tokens[1] if len(tokens) > 1 else None
    if before in {"who", "that"} and is_in(first.lower, _VERBS):
        return True
    if first.text[:1].isupper() and second and (second.lower in AUXILIARIES or is_past(second.lower)):
        return False  # a name that looks like a verb: `Ahmed merged it`
    return is_past(first.lower) or (
        first.lower.endswith("ing") and is_in(first.lower, who.CARELESS | who.HARMFUL | who.RISKY)
    )


def _verb_place(tokens: Sequence[Token]) -> int:
    """Where the subject ends."""
    named = False
    if tokens[0].lower == "whoever":
        return 1
    for place, (token, after) in enumerate(zip_longest(tokens, tokens[1:])):
        if token.sort is not Sort.WORD:
            named = True
            continue
        if _ends(token, named=named, after=after):
            return place
        if place > 1 and token.lower in _OBJECTS and tokens[place - 1].lower not in say.FUNCTION:
            return place - 1  # `the technician cut the cable`: before an object stands the verb
        named = named or token.lower not in _DETERMINERS
    return len(tokens)


def _ends(token: Token, *, named: bool, after: Token | None) -> bool:
    word = token.lower
    if word in AUXILIARIES or word in _ENDS_SUBJECT:
        return True
    if not named:
        return False
    return (is_in(word, _VERBS) and not _is_noun_too(word, after)) or word in who.CARELESSLY or is_past(word)


def _is_noun_too(word: str, after: Token | None) -> bool:
    """Whether it is a noun here: `team lead`, `change author`, `the build fails`."""
    if word in who.PEOPLE | who.CHANGES | who.TEAMS | say.EMPTY_NOUNS:
        return True
    if word.endswith("s") and after is not None and after.lower in AUXILIARIES:
        return True  # `resource limits were`
    return after is not None and after.lower in who.PEOPLE - _PRONOUNS
