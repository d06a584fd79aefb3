"""Blame: a person whom the record knows, or a role, is the subject of a fault.

A fault is carelessness, harm done, something faulty made, a duty left undone, what should have been, or character.
A person who acts is not blamed, nor is a machine that fails. A name that the record does not know is no person's.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.vocabulary import is_in, is_past, phrase_in
from lastgood.model.message import Flaw, FlawKind

_OMITTED = re.compile(
    r"\b(never|(?:did|do|does|had|has|have|was|were)(?: not|n't))((?: even| ever| been| to| \w+ly)*) (\w[\w-]*)"
)
_DUTIES = re.compile(
    r"\b(?:should|ought to)(?: not|n't| never)? have (?!been\b)|\bshould've\b|\b(?:was|were) supposed to\b"
)
_UNREAL = re.compile(r"\b(?:would|could|might)(?:n't)?\b")
_QUESTION = (
    "What made this possible: which check, default, tool, alert or piece of information was missing? "
    "Name the change or the system, and what it allowed."
)
_ROLES = ("role", "unit", "twofold")
_NEAR = 5  # words


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, and the words said of them, in lower case."""

    token: Token
    modifiers: tuple[str, ...]  # before it: `the careless`
    said: tuple[str, ...]  # after it, to the end of the clause


def blames(sentence: Sentence, people: Sequence[str] = (), systems: Sequence[str] = ()) -> Iterator[Flaw]:
    """What a sentence holds against a person: at most one flaw.

    `people` are names of the record; `systems` are names of services, which are no person's.
    """
    tokens = [token for token in sentence.tokens if token.sort is not Sort.MARK or token.text in ",;:.()!?"]
    persons = _persons(tokens, people, systems)
    token = _named_fault(sentence) or next(_faulted(tokens, persons), None)
    if token:
        yield Flaw(
            FlawKind.BLAME, sentence.text, token.start, token.end,
            f"“{token.text}” is made the fault: people act within what a system allows", _QUESTION,
        )  # fmt: skip


def _persons(tokens: Sequence[Token], people: Sequence[str], systems: Sequence[str]) -> list[int]:
    """Places of the words that name a person of the record, or a role."""
    names = {part for name in people for part in _parts(name)} - {name.lower() for name in systems}
    return [
        place
        for place, token in enumerate(tokens)
        if is_in(token.lower, *_ROLES)
        or (token.text[:1].isupper() and token.lower.removesuffix("'s") in names)
    ]


def _parts(name: str) -> list[str]:
    """First and last name; none of `payments team`, whose words name other things too."""
    parts = [part for part in re.split(r"[^\w-]+", name.lower()) if len(part) > 1]
    return [] if any(is_in(part, *_ROLES) for part in parts) else parts


def _named_fault(sentence: Sentence) -> Token | None:
    """A fault that only people have: `human error`, `negligence`."""
    phrase = phrase_in(" ".join(sentence.words), "human")
    first = phrase.split()[0] if phrase else ""
    named = (token for token in sentence.tokens if token.lower == first or is_in(token.lower, "human_fault"))
    return next(named, None)


def _faulted(tokens: Sequence[Token], persons: Sequence[int]) -> Iterator[Token]:
    """The persons who are made the fault."""
    for place in persons:
        subject = _subject(tokens, place)
        if (
            (subject and any(rule(subject) for rule in _RULES))
            or _owner(tokens, place)
            or _agent(tokens, place)
            or _unreal(tokens, place)
        ):
            yield tokens[place]


def _subject(tokens: Sequence[Token], place: int) -> Subject | None:
    """A person as the subject of a clause; None where the word is an object, or part of a name."""
    modifiers = list[str]()
    for before in range(place - 1, max(place - _NEAR, 0) - 1, -1):
        word = tokens[before].lower
        if is_in(word, "preposition") and not _is_one_of(tokens, before):
            return None
        if tokens[before].sort is Sort.MARK or is_in(word, "preposition", "boundary", "auxiliary"):
            break
        modifiers.append(word)
    said = _clause(tokens[place + 1 :])
    opens = said and (is_in(said[0], "opening", "auxiliary", "careless") or _may_be_verb(said[0]))
    return Subject(tokens[place], tuple(modifiers), said) if opens else None


def _is_one_of(tokens: Sequence[Token], place: int) -> bool:
    """`a member of`, `one of`: what follows is the subject."""
    return tokens[place].lower == "of" and is_in(tokens[place - 1].lower, "member")


def _may_be_verb(word: str) -> bool:
    return is_past(word) or word == "never" or word.endswith(("ly", "n't"))


def _clause(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The words up to the end of the clause."""
    said = list[str]()
    for token in tokens:
        if token.sort is Sort.MARK or (said and is_in(token.lower, "boundary")):
            break
        said.append(token.lower)
    return tuple(said)


def _careless(subject: Subject) -> bool:
    """A person forgot, ignored, bypassed; failed to do it; or did it blindly."""
    bare = all(is_in(word, "determiner") for word in subject.modifiers)
    if bare and is_in(subject.token.lower, "twofold"):
        return False
    return (
        any(is_in(word, "careless") for word in _active(subject))
        or any(is_in(word, "heedless") for word in subject.said)
        or any(is_in(word, "fail") and after == "to" for word, after in pairwise(subject.said))
        or phrase_in(" ".join(subject.said), "held") is not None
    )


def _active(subject: Subject) -> Iterator[str]:
    """The words that may be verbs of the subject: not `the forgotten index`, `was ignored`, `may miss`."""
    for before, word in pairwise(("", *subject.said)):
        if not is_in(before, "determiner", "preposition", "modal", "be"):
            yield word


def _harmful(subject: Subject) -> bool:
    """A person broke something, or made it worse; `broke at noon` has no object."""
    after = dict(pairwise((*subject.said, "")))
    return any(
        is_past(word)
        and (
            (is_in(word, "destructive") and after[word] and not is_in(after[word], "preposition"))
            or (word == "made" and "worse" in subject.said)
        )
        for word in _active(subject)
    )


def _faulty(subject: Subject) -> bool:
    """A person pushed a bad deploy, deleted the wrong region, or changed something without review."""
    said = [word for word in subject.said if not is_in(word, "determiner")]
    if any(word == "without" and is_in(after, "unasked") for word, after in pairwise(said)):
        return True
    said = said[: said.index("and")] if "and" in said else said
    return any(
        is_past(word)
        and (
            (is_in(word, "doing") and any(is_in(after, "faulty") for after in said[place + 1 :]))
            or (is_in(word, "changing") and "wrong" in said[place + 1 :])
        )
        for place, word in enumerate(said)
    )


def _undutiful(subject: Subject) -> bool:
    """A person did not test, read or ask; of no one, what no one did. `was not told` was done to them."""
    if is_in(subject.token.lower, "nobody"):
        return any(is_past(word) and is_in(word, "duty") for word in subject.said[:2])
    for negated, between, verb in _OMITTED.findall(" ".join(subject.said)):
        passive = is_past(verb) and (negated.startswith("w") or "been" in between)
        if not passive and is_in(verb, "duty") and not is_in(verb, "neutral"):
            return True
    return False


def _owed(subject: Subject) -> bool:
    """A person should have, or was supposed to."""
    return bool(_DUTIES.search(" ".join(subject.said)))


def _characterised(subject: Subject) -> bool:
    """A careless engineer; a person was asleep."""
    is_so = any(
        is_in(word, "character")
        and "not" not in subject.said[:place]
        and any(is_in(before, "be") for before in subject.said[max(place - 3, 0) : place])
        for place, word in enumerate(subject.said)
    )
    return is_so or any(is_in(word, "character") for word in subject.modifiers)


def _owner(tokens: Sequence[Token], place: int) -> bool:
    """Tom's mistake."""
    after = [token.lower for token in tokens[place + 1 : place + 4]]
    owns = tokens[place].lower.endswith(("'s", "s'"))
    return owns and any(is_in(word, "fault", "faulty", "character") for word in after)


def _agent(tokens: Sequence[Token], place: int) -> bool:
    """Misconfigured, or caused, by a person; a mistake on the part of a person."""
    words = [token.lower for token in tokens]
    by = next(
        (
            n
            for n in range(place - 1, max(place - _NEAR, 0), -1)
            if words[n] == "by" or words[n - 1 : n + 1] == ["part", "of"]
        ),
        None,
    )
    if by is None or any(is_in(word, "auxiliary", "boundary") for word in words[by + 1 : place]):
        return False
    return any(
        is_in(word, "careless", "destructive", "fault", "faulty") for word in words[max(by - _NEAR, 0) : by]
    )


def _unreal(tokens: Sequence[Token], place: int) -> bool:
    """If a person had asked, it would not have happened."""
    words = [token.lower for token in tokens]
    supposed = words[place + 1 : place + 2] == ["had"] and "if" in words[max(place - 4, 0) : place]
    after = " ".join(words[place + 1 : place + 2])
    inverted = "had" in words[max(place - 3, 0) : place] and (after == "been" or is_past(after))
    return (supposed or inverted) and bool(_UNREAL.search(" ".join(words)))


_RULES: tuple[Callable[[Subject], bool], ...] = (
    _careless, _harmful, _faulty, _undutiful, _owed, _characterised,
)  # fmt: skip
