"""Vagueness: a sentence has no number, time, known entity or honest “not known”, and only words without content.

Entities are those of the telemetry and the record. A word that is in no list of the vocabulary is content: whatever it
means, a reader may know it. So the check refuses only what any incident's update could contain.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.vocabulary import is_in, phrase_in
from lastgood.model.message import Flaw, FlawKind

_HONEST = re.compile(
    r"\b(un(known|clear)|(not|n't|yet to) (yet )?(be )?(know\w*|clear|sure|certain|established|measured|counted|decided))\b"
    r"|\bno (further )?action\b|\b(not|n't|no|never)\W(longer )?(\w+ )?(\w+ )?(affected|impacted|lost|leaked)\b",
    re.IGNORECASE,
)
_COURTEOUS = re.compile(r"(we )?(are )?(thank|thanks|sorry|kudos|congratulations)\b", re.IGNORECASE)
_NO_CONTENT = ("function", "thing", "act", "state", "weasel", "soon")
_LABEL = 3  # words of a label at most
_FEW = 2  # words of content beside a quantity that is no number: `some queries are slow`
_HOW_MANY = "How many, or what share: of which requests or customers, since when?"
_BY_WHEN = "By when? A clock time in UTC, or what it waits for."
_WHAT = (
    "What exactly: which component, which symptom, what is being tried or was changed, and what it showed?"
)


def vague(sentence: Sentence, known: Sequence[str] = ()) -> Iterator[Flaw]:
    """What is vague about a sentence: at most one flaw. `known` are names of the telemetry and the record."""
    if _tied(sentence, known) or _COURTEOUS.match(sentence.text) or len(sentence.words) < 2:
        return
    content = len(_content(sentence))
    if soon := _soon(sentence):
        yield _flaw(sentence, soon, FlawKind.NO_TIME, f"“{soon}” is not a time", _BY_WHEN)
    elif content <= _FEW and (weasel := _weasel(sentence)):
        yield _flaw(sentence, weasel, FlawKind.VAGUE, f"“{weasel}” is not specific", _HOW_MANY)
    elif not content:
        yield _flaw(sentence, "", FlawKind.VAGUE, "it names nothing that a reader can look up", _WHAT)


def is_measure(token: Token) -> bool:
    """Whether a word is a number, in digits or letters."""
    return token.sort is Sort.FIGURE or is_in(token.lower, "number")


def is_honest(text: str) -> bool:
    """Whether a text states that something is not known, or not affected."""
    return bool(_HONEST.search(text))


def _tied(sentence: Sentence, known: Sequence[str]) -> bool:
    """Whether it has a number, a time, a name, a total or an honest “not known”."""
    names = {name.lower() for name in known}
    return (
        is_honest(sentence.text)
        or any(
            is_measure(token) or is_in(token.lower, "day") or token.sort is Sort.NAME or token.lower in names
            for token in sentence.tokens
        )
        or _total(sentence.words)
    )


def _total(words: Sequence[str]) -> bool:
    """Whether it is about all or none of what is counted: `all users`, `every login request`."""
    return any(
        is_in(word, "total") and any(is_in(after, "counted") for after in words[place + 1 : place + 3])
        for place, word in enumerate(words)
    )


def _content(sentence: Sentence) -> list[str]:
    """The words that say something, of whatever field; a capital letter inside a sentence makes a name of any word."""
    tokens = _after_label(sentence.tokens)
    return [
        token.lower
        for place, token in enumerate(tokens)
        if token.sort is Sort.WORD and (_is_name(token, place) or not is_in(token.lower, *_NO_CONTENT))
    ]


def _after_label(tokens: Sequence[Token]) -> Sequence[Token]:
    """What stands after a label such as `Doing now:`: the label itself says nothing."""
    label = next((n for n, token in enumerate(tokens[: _LABEL + 1]) if token.text == ":"), None)
    return tokens if label is None else tokens[label + 1 :]


def _is_name(token: Token, place: int) -> bool:
    return token.text[:1].isupper() and len(token.text) > 1 and place > 0


def _soon(sentence: Sentence) -> str | None:
    """A time that is not one; `soon after` is relative to something."""
    words = (*sentence.words, "")
    single = (
        word
        for word, after in pairwise(words)
        if is_in(word, "soon") and after not in {"after", "before", "as"}
    )
    return phrase_in(" ".join(sentence.words), "soon") or next(single, None)


def _weasel(sentence: Sentence) -> str | None:
    """A quantity, frequency or likelihood that is not a number; `how many`, `limited to` and `could not` are exact."""
    words = ("", *sentence.words, "")
    around = zip(words, words[1:], words[2:], strict=False)
    return next(
        (
            word
            for before, word, after in around
            if is_in(word, "weasel") and before != "how" and after not in {"to", "not"} and word != "numbers"
        ),
        None,
    )


def _flaw(sentence: Sentence, words: str, kind: FlawKind, problem: str, better: str) -> Flaw:
    place = sentence.text.lower().find(words) if words else -1
    start = sentence.start + max(place, 0)
    end = start + len(words) if place >= 0 else sentence.end
    return Flaw(kind, sentence.text, start, end, problem, better)
