"""Vagueness: a sentence claims work, harm, progress or a time without saying what, how much or when.

Measured by what a sentence is anchored to, not by phrases. Anchors are figures, clock times, names, words for all
or none, an honest "not known", and a question that is being answered (`why …`, `whether …`). What is left when function
words and words without content are taken away is its content; a sentence that makes a claim and has neither anchor
nor content tells nobody anything.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, words
from lastgood.model.message import Flaw, FlawKind

CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}(am|pm|Z|h)$", re.IGNORECASE)
_DAYS = words("monday tuesday wednesday thursday friday saturday sunday tomorrow yesterday")
_NO_NAMES = words("i api eta ok fyi db ui it tbd tba asap utc")
_GENERIC = (
    say.FUNCTION
    | say.EMPTY_NOUNS
    | say.EMPTY_VERBS
    | say.EMPTY_QUALIFIERS
    | say.SOFT_STATES
    | say.HEDGES
    | say.RELATIVE_TIME
)
_CLAIMS = say.EMPTY_NOUNS | say.EMPTY_VERBS | say.SOFT_STATES | say.RELATIVE_TIME | say.WEASELS
_UNKNOWN = re.compile(
    r"\b(un(known|clear)|(not|n't|yet to) (yet )?(be )?(know\w*|clear|sure|certain|establish\w*|measured|counted|tested|decided|assessed))\b",
    re.IGNORECASE,
)
_NOT_HURT = re.compile(
    r"\b(not|n't|no|never|un)\W?(longer )?(\w+ )?(affected|impacted|hit|lost|leaked|touched)\b", re.IGNORECASE
)


def vague(sentence: Sentence) -> Iterator[Flaw]:
    """What is vague about a sentence: at most one flaw, the gravest."""
    for rule in (_no_time, _how_many, _how_bad, _nothing_said):
        if flaw := rule(sentence):
            yield flaw
            return


def _no_time(sentence: Sentence) -> Flaw | None:
    """News or an end is promised, and no time to expect it at."""
    text, found = f" {' '.join(sentence.words)} ", sentence.words
    if any(_is_time(token) for token in sentence.tokens):
        return None
    relative = next((word for word in found if is_in(word, say.RELATIVE_TIME)), "") or next(
        (phrase for phrase in say.RELATIVE_PHRASES if f" {phrase} " in text), ""
    )
    to_come = next((phrase for phrase in say.TO_COME if f" {phrase} " in text), "")
    news = any(is_in(word, say.NEWS) for word in found)
    ahead = news and ({"will", "next", "when", "further", "once", "more", "'ll"} & set(found))
    if to_come or ahead or (relative and news):
        return _flaw(
            sentence, to_come or relative, FlawKind.NO_TIME,
            "it announces news without a time to expect it at", "Next update HH:MM UTC.",
        )  # fmt: skip
    if relative and relative not in {"at this time", "at the moment", "for now"} and not _figures(sentence):
        return _flaw(
            sentence,
            relative,
            FlawKind.NO_TIME,
            f"“{relative}” is no time",
            "By when? A clock time in UTC, or what it waits for.",
        )
    return None


def _how_many(sentence: Sentence) -> Flaw | None:
    """A quantity that is no number, of something that is counted."""
    if _figures(sentence):
        return None
    for place, token in enumerate(sentence.tokens):
        asked = place > 0 and sentence.tokens[place - 1].lower == "how"
        if token.sort is not Sort.WORD or asked or not is_in(token.lower, say.WEASELS):
            continue
        after = [other.lower for other in sentence.tokens[place + 1 : place + 6] if other.sort is Sort.WORD]
        alone = token.lower.endswith("ly") or token.lower in {
            "sometimes",
            "intermittent",
            "occasional",
            "sporadic",
            "limited",
            "minor",
        }
        if alone or any(is_in(word, say.COUNTED) for word in after):
            return _flaw(
                sentence, token.text, FlawKind.VAGUE, f"“{token.text}” is no quantity",
                "How many, or what share: of which requests or customers, since when?",
            )  # fmt: skip
    return None


def _how_bad(sentence: Sentence) -> Flaw | None:
    """A state without a measure."""
    if _figures(sentence) or _anchored(sentence):
        return None
    soft = [
        token for token in sentence.tokens if token.sort is Sort.WORD and is_in(token.lower, say.SOFT_STATES)
    ]
    if soft and len(_content(sentence)) <= 2:
        return _flaw(
            sentence, soft[0].text, FlawKind.VAGUE, f"“{soft[0].text}” has no measure",
            "What fails or is slow, how much of it (a share, a time), for whom and since when?",
        )  # fmt: skip
    return None


def _nothing_said(sentence: Sentence) -> Flaw | None:
    """A claim without a thing in it."""
    if _figures(sentence) or _anchored(sentence) or len(_content(sentence)) > 0:
        return None
    claims = [word for word in sentence.words if is_in(word, _CLAIMS) and word not in say.FUNCTION]
    if not claims and (len(sentence.words) < 3 or any(is_in(word, say.COURTESY) for word in sentence.words)):
        return None
    return _flaw(
        sentence, "", FlawKind.VAGUE, "it says that something is done or known, not what",
        "What exactly: which component, which symptom, what is being tried or was changed, and what it showed?",
    )  # fmt: skip


def _figures(sentence: Sentence) -> list[Token]:
    return [token for token in sentence.tokens if token.sort is Sort.FIGURE]


def _is_time(token: Token) -> bool:
    return bool(token.sort is Sort.FIGURE and CLOCK.search(token.text)) or token.lower in _DAYS


def _anchored(sentence: Sentence) -> bool:
    """Whether it is tied to something that can be looked up: a name, a total, an open question, an honest unknown."""
    content = _content(sentence)
    asked = content and any(word in {"why", "whether", "which", "how", "if"} for word in sentence.words)
    total = content and any(word in say.TOTALS for word in sentence.words)
    return bool(
        asked or total or any(_is_name(sentence, token) for token in sentence.tokens)
        or _UNKNOWN.search(sentence.text) or (content and _NOT_HURT.search(sentence.text))
    )  # fmt: skip


def _is_name(sentence: Sentence, token: Token) -> bool:
    """An identifier, or a capital letter that no sentence began with."""
    if token.sort is Sort.NAME or token.lower in _DAYS:
        return True
    first = token is sentence.tokens[0]
    inner = any(letter.isupper() for letter in token.text[1:])
    capital = token.text[:1].isupper() and not first
    return token.sort is Sort.WORD and (inner or capital) and token.lower.split("'")[0] not in _NO_NAMES


def _content(sentence: Sentence) -> list[str]:
    """The words that say something. A topic does so only with another beside it, or when it is said to work."""
    telling = [word for word in sentence.words if not is_in(word, _GENERIC)]
    works = any(b in {"work", "works"} and a in telling for a, b in pairwise(sentence.words))
    return telling if works or not all(is_in(word, say.TOPICS) for word in telling) else []


def _flaw(sentence: Sentence, words: str, kind: FlawKind, problem: str, better: str) -> Flaw:
    place = sentence.text.lower().find(words.lower()) if words else -1
    start = sentence.start + max(place, 0)
    end = start + len(words) if place >= 0 else sentence.end
    return Flaw(kind, sentence.text, start, end, problem, better)
