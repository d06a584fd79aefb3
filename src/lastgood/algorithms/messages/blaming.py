"""Blame: a person, a role or a team is made the fault of what happened, by act, omission, character or name.

It takes somebody and something held against them in one relation: subject and predicate, agent of a passive
(`by …`), owner of a fault (`…'s mistake`), or a noun for a fault that only people have. Somebody who acts is not
blamed, nor is a machine that fails.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from lastgood.algorithms.messages import blame_words as who
from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.clauses import AUXILIARIES, Clause, clauses_of
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, words
from lastgood.model.message import Flaw, FlawKind

_NOT = words("not never without nobody none neither nor hardly barely")
_UNABLE = words("cannot can't could couldn't able unable")
_NO_OBJECT = words("at on in again since for and while when twice once after during because . , at")
_FAIL = words("fail neglect")
_AFTER_NOUNS = words("responsible concerned involved herself himself themselves")
_ARTICLES = words("the a an of its any each every")
_NO_NAMES = (
    who.SYSTEMS | say.FUNCTION | say.EMPTY_NOUNS | say.EMPTY_QUALIFIERS | say.EMPTY_VERBS | say.SOFT_STATES
    | say.COUNTED | who.HARMED | who.FAULTS | who.CHANGES
)  # fmt: skip
_QUESTION = (
    "What made this possible or likely: which check, default, tool, alert or piece of information was missing? "
    "Name the change or the system, and what it allowed."
)


def blames(sentence: Sentence, systems: Sequence[str] = ()) -> Iterator[Flaw]:
    """What a sentence holds against somebody: at most one flaw. `systems` are names that are no people's."""
    named = {name.lower() for name in systems}
    if any(token.lower in named and token.text[:1].isupper() for token in sentence.tokens[:1]):
        sentence = replace(
            sentence, tokens=(replace(sentence.tokens[0], sort=Sort.NAME), *sentence.tokens[1:])
        )
    clauses = list(clauses_of(sentence))
    token = _by_clauses(sentence, clauses) or _had_they(sentence, clauses) or _by_nouns(sentence)
    if token:
        yield Flaw(
            FlawKind.BLAME, sentence.text, token.start, token.end,
            f"“{token.text}” is made the fault: people act within what a system allows", _QUESTION,
        )  # fmt: skip


def _by_clauses(sentence: Sentence, clauses: Sequence[Clause]) -> Token | None:
    for clause in clauses:
        somebody = _somebody(sentence, clause)
        if somebody and any(held(clause) for held in _HELD_AGAINST):
            return somebody
    return None


def _had_they(sentence: Sentence, clauses: Sequence[Clause]) -> Token | None:
    """If somebody had done otherwise, it would not have happened."""
    text = " ".join(sentence.words)
    if not re.search(r"\b(would|wouldn't|could|couldn't) (not |never )?have\b", text):
        return None
    if sentence.words[0] == "had":
        first = next(clauses_of(replace(sentence, tokens=sentence.tokens[1:])), None)
        return _somebody(sentence, first) if first else None
    supposed = [clause for clause in clauses if clause.before == "if" or sentence.words[0] == "if"]
    return next((found for clause in supposed[:2] if (found := _somebody(sentence, clause))), None)


def _somebody(sentence: Sentence, clause: Clause) -> Token | None:
    """The person, role or team that a clause is about."""
    head = clause.head
    if head is None:
        return None
    if head.lower in {"one", "some", "none", "member", "half"} and clause.words[:1] == ("of",):
        return next((token for token in clause.said[1:5] if is_in(token.lower, who.PEOPLE)), None)
    if head.lower == "one" and len(clause.subject) > 1 and clause.subject[-2].lower in {"no", "some", "any"}:
        return head
    return head if is_somebody(sentence, clause.subject) else None


def is_somebody(sentence: Sentence, phrase: Sequence[Token]) -> bool:
    """Whether a noun phrase is a person, a role or a team."""
    if len(phrase) > 1 and phrase[-1].lower in _AFTER_NOUNS:
        phrase = phrase[:-1]
    head = phrase[-1]
    if head.sort is not Sort.WORD:
        return False
    if is_in(head.lower, who.PEOPLE):
        return True
    alone = len([token for token in phrase if token.lower not in _ARTICLES]) == 1
    return (alone and is_in(head.lower, who.TEAMS | who.TEAMS_OR_SYSTEMS)) or _is_name(sentence, head)


def _is_name(sentence: Sentence, token: Token) -> bool:
    """A capital letter that neither the beginning of the sentence nor a system explains."""
    word = token.text.split("'")[0].split("\u2019")[0]
    if not word[:1].isupper() or not word[1:].islower():
        return False
    plural = token is sentence.tokens[0] and word.endswith("s") and word.lower() not in who.NAMES_IN_S
    return not plural and not is_in(word, _NO_NAMES)


def _careless(clause: Clause) -> bool:
    """Somebody forgot, ignored, botched."""
    return any(
        is_in(word, who.CARELESS) and before not in _ARTICLES
        for before, word in pairwise(("", *clause.words))
    )


def _carelessly(clause: Clause) -> bool:
    return any(word in who.CARELESSLY for word in clause.words)


def _harmful(clause: Clause) -> bool:
    """Somebody broke it, or took something down; a machine may crash, so a mere name needs an object."""
    main = _main(clause)
    if main is None or is_in(_head(clause), who.TEAMS_OR_SYSTEMS):
        return False
    rest = clause.words[main + 1 :]
    if is_in(clause.words[main], who.HARMFUL):
        return is_in(_head(clause), who.PEOPLE) or bool(rest and rest[0] not in _NO_OBJECT)
    return is_in(clause.words[main], who.RISKY) and any(is_in(word, who.HARMED | who.FAULTY) for word in rest)


def _faulty(clause: Clause) -> bool:
    """Somebody pushed a bad deploy, typed the wrong region."""
    main = _main(clause)
    if main is None or not is_in(
        clause.words[main], who.DEEDS | who.RISKY | frozenset({"give", "make", "use"})
    ):
        return False
    return any(is_in(word, who.FAULTY | who.FAULTS) or word == "instead" for word in clause.words[main + 1 :])


def _undutiful(clause: Clause) -> bool:
    """Somebody did not test, read, tell; or acted without asking."""
    said = clause.words
    if clause.head and clause.head.lower in {"nobody", "one", "noone"} and clause.before != "that":
        main = _main(clause)
        return main is not None and said[main].endswith("ed") and is_in(said[main], who.DUTIES)
    duties = who.DUTIES if is_in(_head(clause), who.PEOPLE | who.TEAMS) else who.SOCIAL | words("bother care")
    return _left_undone(said, duties) or _failed_to(said, duties, any_duty=is_in(_head(clause), who.PEOPLE))


def _left_undone(said: Sequence[str], duties: frozenset[str]) -> bool:
    """Did not test; acted without asking."""
    return any(
        (word in _NOT or (word.endswith("n't") and word not in _UNABLE))
        and not _UNABLE & set(said[max(place - 1, 0) : place])
        and any(is_in(other, duties) for other in said[place + 1 : place + 5])
        for place, word in enumerate(said)
    )


def _failed_to(said: Sequence[str], duties: frozenset[str], *, any_duty: bool) -> bool:
    """Failed to escalate; of people, failed to do anything."""
    return any(
        is_in(word, _FAIL) and to == "to" and (any_duty or is_in(what, duties))
        for word, to, what in zip(said, said[1:], said[2:], strict=False)
    )


def _should_have(clause: Clause) -> bool:
    """Somebody should have, was supposed to."""
    text = " ".join(word for word in clause.words if word not in {"not", "never", "also", "really"})
    obliged = (
        "should have",
        "ought to",
        "supposed to",
        "shouldn't have",
        "could have",
        "was meant to",
        "were meant to",
    )
    return text.startswith(obliged) or any(f" {phrase} " in f" {text} " for phrase in obliged[:3])


def _characterised(clause: Clause) -> bool:
    """Somebody is careless, asleep, not competent."""
    around = [token.lower for token in clause.subject[:-1]] + list(clause.words)
    return any(is_in(word, who.CHARACTER) for word in around)


def _singled_out(clause: Clause) -> bool:
    """The one who did it; somebody to blame, responsible, spoken to."""
    text = f" {' '.join(clause.words)} "
    return any(f" {phrase} " in text for phrase in who.IDIOMS) or any(
        is_in(word, who.PUNISHED) for word in clause.words
    )


def _pressed(clause: Clause) -> bool:
    """Somebody insisted, promised what was not ready, pushed for it against advice."""
    main, text = _main(clause), f" {' '.join(clause.words)} "
    if main is None:
        return False
    against = any(word in {"against", "despite", "although", "before", "not"} for word in clause.words)
    return is_in(clause.words[main], frozenset({"insist"})) or (
        against and (is_in(clause.words[main], who.PRESSED) or " pushed for " in text or " gave the " in text)
    )


_HELD_AGAINST: tuple[Callable[[Clause], bool], ...] = (
    _careless, _carelessly, _harmful, _faulty, _undutiful, _should_have, _characterised, _singled_out, _pressed,
)  # fmt: skip


def _head(clause: Clause) -> str:
    return clause.head.lower if clause.head else ""


def _main(clause: Clause) -> int | None:
    """The place of the main verb in what is said."""
    verbs = (
        who.CARELESS
        | who.HARMFUL
        | who.RISKY
        | who.DUTIES
        | who.DEEDS
        | who.PRESSED
        | say.EMPTY_VERBS
        | frozenset({"keep"})
    )
    for place, word in enumerate(clause.words):
        if word in AUXILIARIES or word in {"keep", "keeps", "kept", "to"} or word.endswith("ly"):
            continue
        if is_in(word, verbs) or (word.endswith("ed") and len(word) > 4):
            return place
    return None


def _by_nouns(sentence: Sentence) -> Token | None:
    tokens = [token for token in sentence.tokens if token.sort is not Sort.MARK]
    for place, token in enumerate(tokens):
        for rule in (_human_error, _owned, _done_by, _accused):
            if rule(sentence, tokens, place):
                return token
    return None


def _human_error(sentence: Sentence, tokens: Sequence[Token], place: int) -> bool:  # noqa: ARG001
    """Human error, negligence, poor judgement: faults that only people have."""
    word = tokens[place].lower
    if is_in(word, who.HUMAN_FAULTS):
        return True
    before = tokens[place - 1].lower if place else ""
    after = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    if word.startswith("judg"):
        return is_in(before, words("poor bad questionable faulty wrong"))
    made = is_in(word, words("error mistake fault failure oversight slip blunder"))
    return made and is_in(before, who.HUMAN) and not is_in(after, who.SHOWN)


def _owned(sentence: Sentence, tokens: Sequence[Token], place: int) -> bool:
    """Tom's fault; Julia's change broke payments."""
    token = tokens[place]
    owner = token.lower.endswith(("'s", "s'")) and (
        _is_name(sentence, token) or is_in(token.lower, who.PEOPLE | who.TEAMS | who.TEAMS_OR_SYSTEMS)
    )
    if not (owner or token.lower in {"his", "her", "their", "your"}):
        return False
    after = tokens[place + 1 : place + 4]
    if any(is_in(other.lower, who.FAULTS | who.CHARACTER | who.FAULTY) for other in after):
        return True
    rest = [other.lower for other in tokens[place + 1 :]]
    changes = next((n for n, word in enumerate(rest[:3]) if is_in(word, who.CHANGES)), None)
    if changes is None:
        return False
    verb = [word for word in rest[changes + 1 : changes + 4] if word not in AUXILIARIES]
    return bool(verb) and (
        is_in(verb[0], who.HARMFUL)
        or (is_in(verb[0], who.RISKY) and any(is_in(w, who.HARMED) for w in rest[changes + 1 :]))
    )


def _done_by(sentence: Sentence, tokens: Sequence[Token], place: int) -> bool:
    """A mistake by, of or on the part of somebody; something wrong done by somebody."""
    if tokens[place].lower not in {"by", "of"}:
        return False
    phrase = _phrase(tokens[place + 1 :])
    if not phrase or not is_somebody(sentence, phrase):
        return False
    before = [token.lower for token in tokens[:place]]
    if tokens[place].lower == "of":
        return any(is_in(word, who.FAULTS) for word in before[-1:]) or before[-3:] == ["on", "the", "part"]
    held = (
        who.FAULTS
        | who.FAULTY
        | who.CARELESS
        | who.CARELESSLY
        | frozenset({"cause", "break", "down", "crash"})
    )
    return any(is_in(word, held) for word in before)


def _phrase(tokens: Sequence[Token]) -> list[Token]:
    """The noun phrase at the beginning of some words."""
    phrase = list[Token]()
    for token in tokens[:5]:
        ends = token.lower in AUXILIARIES or token.lower in {
            "at",
            "on",
            "in",
            "who",
            "of",
            "to",
            "for",
            "and",
            "with",
            "during",
        }
        if ends and phrase:
            break
        phrase.append(token)
        if is_in(token.lower, who.PEOPLE):
            break
    return phrase


def _accused(sentence: Sentence, tokens: Sequence[Token], place: int) -> bool:
    """I blame, the culprit is, we can thank …, we talked to the person."""
    word = tokens[place].lower
    after = tokens[place + 1 : place + 7]
    somebody = any(
        is_in(token.lower, who.PEOPLE | who.TEAMS | who.TEAMS_OR_SYSTEMS) or _is_name(sentence, token)
        for token in after
    )
    if is_in(word, frozenset({"blame", "culprit", "scapegoat"})):
        return somebody
    if word == "on" and place and tokens[place - 1].lower in {"is", "was"}:
        return len(after) >= 1 and _is_name(sentence, after[0])
    thanks = word in {"thank", "thanks"} and place > 0
    return (thanks and somebody and any(token.lower == "for" for token in after)) or (
        word in {"word", "talk", "talking", "spoke", "speak"} and any(
            is_in(token.lower, words("individual person responsible culprit concerned cause")) for token in after
        )
    )  # fmt: skip
