"""Blame: a person, a role or a team is made the fault of what happened, by act, omission, character or name.

It takes somebody and something held against them in one relation: subject and predicate, agent of a passive
(`by …`), owner of a fault (`…'s mistake`), or a noun for a fault that only people have. Somebody who acts is not
blamed, nor is a machine that fails.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lastgood.algorithms.messages import blame_words as who
from lastgood.algorithms.messages.accusing import accused
from lastgood.algorithms.messages.clauses import (
    AUXILIARIES,
    PREPOSITIONS,
    Clause,
    clauses_of,
    is_past,
)
from lastgood.algorithms.messages.held_against import held_against, is_careless
from lastgood.algorithms.messages.people import is_name, is_somebody
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, words
from lastgood.model.message import Flaw, FlawKind

_NEAR = 6  # words before `by`: what is said further away is of something else
_AFTER_PHRASES = words("who that which what when where and or but if so as then because since while")
_HELD_BY = (
    who.FAULTS
    | who.FAULTY
    | who.CHARACTER
    | who.CARELESS
    | who.CARELESSLY
    | words("cause break down crash accident poorly badly sloppily")
) - words("judgement judgment decision doing failure failing silence absence")
_ARTICLES = words("the a an of its any each every")
_SUPPOSED = re.compile(
    r"\b(would|could|might)(n't)?( not| never| still| all| probably)*(( have| be)\b|'ve\b)"
)
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
    token = (
        _by_clauses(sentence, clauses)
        or _had_they(sentence, clauses)
        or accused(sentence)
        or _by_nouns(sentence)
    )
    if token:
        yield Flaw(
            FlawKind.BLAME, sentence.text, token.start, token.end,
            f"“{token.text}” is made the fault: people act within what a system allows", _QUESTION,
        )  # fmt: skip


def _by_clauses(sentence: Sentence, clauses: Sequence[Clause]) -> Token | None:
    for clause in clauses:
        somebody = _somebody(sentence, clause)
        if somebody and held_against(clause, clauses):
            return somebody
        if clause.about in {"i", "we", "you"} and is_careless(clause):
            return clause.head
    return None


def _had_they(sentence: Sentence, clauses: Sequence[Clause]) -> Token | None:
    """If somebody had done otherwise, it would not have happened; if only they had."""
    said = sentence.words
    if said[:2] != ("if", "only") and not _SUPPOSED.search(" ".join(said)):
        return None
    supposed = [clause for clause in clauses if clause.before == "if" or said[:1] == ("if",)][:2]
    supposed += _inverted(sentence)
    return next(
        (found for clause in supposed if _unreal(clause) and (found := _somebody(sentence, clause))), None
    )


def _inverted(sentence: Sentence) -> list[Clause]:
    """What is supposed without `if`: `had the reviewer looked`."""
    places = [n for n, token in enumerate(sentence.tokens[:-1]) if token.lower == "had"]
    after = [replace(sentence, tokens=sentence.tokens[n + 1 :]) for n in places]
    return [clause for rest in after for clause in [*clauses_of(rest)][:1] if clause.subject]


def _unreal(clause: Clause) -> bool:
    """Whether it tells of what was not so: `had looked`; not of what may come: `restarts`."""
    return clause.main is not None and (
        is_past(clause.words[clause.main]) or bool({"had", "been"} & set(clause.words))
    )


def _somebody(sentence: Sentence, clause: Clause) -> Token | None:
    """The person, role or team that a clause is about."""
    head = clause.head
    if head is None:
        return None
    if head.lower in {"one", "some", "none", "member", "half"} and clause.words[:1] == ("of",):
        return next(
            (token for token in clause.said[1:5] if is_in(token.lower, who.PEOPLE | words("them"))), None
        )
    if head.lower == "one" and len(clause.subject) > 1 and clause.subject[-2].lower in {"no", "some", "any"}:
        return head
    on_duty = clause.words[:1] == ("on",) and clause.words[1:2] in {("duty",), ("call",), ("shift",)}
    return head if on_duty or is_somebody(sentence, clause.subject) else None


def _by_nouns(sentence: Sentence) -> Token | None:
    tokens = [token for token in sentence.tokens if token.sort is not Sort.MARK]
    for place, token in enumerate(tokens):
        for rule in (_human_error, _owned, _done_by):
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
        bad = is_in(before, words("poor bad questionable faulty wrong"))
        return bad or (place > 1 and is_in(tokens[place - 2].lower, words("lapse error failure lack")))
    if is_in(word, who.HEEDLESS) and is_in(
        after, who.CHANGES | who.FAULTS | words("behaviour behavior attitude")
    ):
        return True
    made = is_in(word, words("error mistake fault failure oversight slip blunder"))
    return made and is_in(before, who.HUMAN) and not is_in(after, who.SHOWN)


def _owned(sentence: Sentence, tokens: Sequence[Token], place: int) -> bool:
    """Tom's fault; Julia's change broke payments."""
    token = tokens[place]
    owner = token.lower.endswith(("'s", "s'")) and (
        is_name(sentence, token) or is_in(token.lower, who.PEOPLE | who.TEAMS | who.TEAMS_OR_SYSTEMS)
    )
    if not (owner or token.lower in {"his", "her", "their", "your"}):
        return False
    after = tokens[place + 1 : place + 4]
    if any(is_in(other.lower, who.FAULTS | who.CHARACTER | who.FAULTY) for other in after):
        return True
    rest = [other.lower for other in tokens[place + 1 :]]
    changes = next((n for n, word in enumerate(rest[:3]) if is_in(word, who.CHANGES)), None)
    if changes is None:
        return owner and any(is_in(word, who.HARMFUL) and is_past(word) for word in rest[1:4])
    if any(is_in(word, who.FAULTY | who.FAULTS | who.SHODDILY) for word in rest[changes + 1 : changes + 6]):
        return True
    if {"not", "never", "wasn't", "weren't"} & set(rest[changes + 1 : changes + 4]) and any(
        is_in(word, who.MINDFUL | who.DUTIES) for word in rest[changes + 2 : changes + 7]
    ):
        return True
    verb = [word for word in rest[changes + 1 : changes + 4] if word not in AUXILIARIES]
    return bool(verb) and (
        is_in(verb[0], who.HARMFUL) or (is_past(verb[0]) and is_in(verb[0], who.RISKY | words("remove")))
    )


def _done_by(sentence: Sentence, tokens: Sequence[Token], place: int) -> bool:
    """A mistake by, of or on the part of somebody; something wrong done by somebody."""
    if tokens[place].lower not in {"by", "of", "from"}:
        return False
    phrase = _phrase(sentence, tokens[place + 1 :])
    if not phrase or not is_somebody(sentence, phrase):
        return False
    joint, before = tokens[place].lower, [token.lower for token in tokens[:place]]
    if joint == "of":
        return any(is_in(word, who.FAULTS) for word in before[-1:]) or before[-3:] == ["on", "the", "part"]
    near = before[-_NEAR:]
    origin = any(is_in(word, who.ORIGINS) for word in near)
    was, how, *_ = (*(token.lower for token in tokens[place + 1 + len(phrase) :]), "", "")
    return (
        (joint == "by" and phrase[-1].lower in {"somebody", "someone"})
        or any(is_in(word, _HELD_BY) for word in near)
        or (origin and any(is_in(word, who.BREAKING | who.HARMED) for word in before))
        # `the handover from the night shift was poor`
        or (was in AUXILIARIES and is_in(how, who.FAULTY | who.CHARACTER))
    )


def _phrase(sentence: Sentence, tokens: Sequence[Token]) -> list[Token]:
    """The noun phrase at the beginning of some words."""
    phrase = list[Token]()
    if [token.lower for token in tokens[1:2]] == ["of"]:  # `one of our administrators`
        tokens = tokens[2:]
    for token in tokens[:5]:
        if phrase and (
            token.lower in AUXILIARIES | PREPOSITIONS | _AFTER_PHRASES
            or ((is_past(token.lower) or token.lower.endswith("ing")) and is_name(sentence, phrase[-1]))
        ):
            break
        phrase.append(token)
        if is_in(token.lower, who.PEOPLE):
            break
    return [] if phrase and phrase[-1].lower in {"they", "you", "people", "nobody"} else phrase
