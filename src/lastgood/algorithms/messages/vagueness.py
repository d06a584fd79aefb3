"""Vagueness: a sentence claims work, harm, progress or a time without saying what, how much or when.

Measured by what a sentence is anchored to, not by phrases. Anchors are figures, clock times, names, words for all
or none, an honest "not known", and a question that is being answered (`why …`, `whether …`). What is left when function
words and words without content are taken away is its content; a sentence that makes a claim and has neither anchor
nor content tells nobody anything.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from lastgood.algorithms.messages import anchors
from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.clauses import AUXILIARIES, is_past
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, stems, words
from lastgood.model.message import Flaw, FlawKind

_COPULAS = words(
    "is are was were be been being seem seems seemed look looks looked remain remains feel feels get gets got"
)
_A_SHARE = words("a the some large small big good fair")
_UNITS = words("second minute hour day week month year")
_WHERE = words("in with on for at across from to between affecting during when")
_BEHAVE = words("work act behave function perform run respond operate load display")
_TRY = words("work do try fight push bring get go")
_MOVING = words("move come go back online improve progress")
_TAKES_TIME = re.compile(
    r"\btak(?:e|es|ing) (?:some |a lot of |much |its |more )?(?:time|a while|longer(?! than))\b",
    re.IGNORECASE,
)
_NOT_AT_BEST = re.compile(r"\b(?:not|n't) (?:\w+ )?at (?:its |their |our )?(?:best|full)\b", re.IGNORECASE)
_AS_CAN = re.compile(r"\bas \w+ as (?:(?:we|they|i) )?(?:can|could|possible)\b", re.IGNORECASE)
_AHEAD = {"will", "next", "further", "once", "more", "'ll"}
_WHEN = re.compile(r"\bwhen (?:we|they|i|it|there|available|ready|possible|done)\b", re.IGNORECASE)
# Adjectives that are part of a name.
_COMPOUND = re.compile(
    r"\b(?:slow (?:query|queries|log|path)|high availability|hard (?:disk|drive|limit|link)|error (?:budget|message|log|code|page|handling)s?|full scan)\b"
)
_CODE = re.compile(r"\berror (?:code )?[A-Z-]*\d+", re.IGNORECASE)
_COURTEOUS = words("thanks thank sorry kudos congratulations")
_FEW_THINGS = 1
_SHORT = 10  # words: a longer sentence has said more than a state
_BY_ITSELF = words(
    "sometimes intermittent occasional sporadic limited minor partial isolated majority minority"
)
_CLAIMS = (
    say.EMPTY_NOUNS
    | say.EMPTY_VERBS
    | say.SOFT_STATES
    | say.RELATIVE_TIME
    | say.WEASELS
    | say.TOPICS
    | say.ACTS
    | words(
        "technician electrician mechanic administrator admin developer operator crew squad manager agent worker"
    )
)


def vague(sentence: Sentence) -> Iterator[Flaw]:
    """What is vague about a sentence: at most one flaw, the gravest."""
    courtesy = (sentence.words[:1] and sentence.words[0] in _COURTEOUS) or sentence.words[:2] == (
        "we",
        "thank",
    )
    if courtesy and not any(is_in(word, say.WORK) for word in sentence.words) and _no_time(sentence) is None:
        return
    for rule in (_no_time, _how_many, _how_bad, _maybe_hurt, _not_named, _nothing_said):
        if flaw := rule(sentence):
            yield flaw
            return


def _no_time(sentence: Sentence) -> Flaw | None:
    """News or an end is promised, and no time to expect it at."""
    text, found = f" {' '.join(sentence.words)} ", sentence.words
    if any(anchors.is_time(token) for token in sentence.tokens):
        return None
    around = zip(("", *found), found, (*found[1:], ""), strict=False)
    soon = (
        word
        for before, word, after in around
        if is_in(word, say.RELATIVE_TIME)
        and (word, after) != ("soon", "as")
        # `every later run`, `a week later`
        and not (word == "later" and (before in say.TOTALS or is_in(before, _UNITS)))
    )
    relative = next(soon, "") or next(
        (phrase for phrase in say.RELATIVE_PHRASES if f" {phrase} " in text), ""
    )
    if not relative and (as_can := _AS_CAN.search(sentence.text) or _TAKES_TIME.search(sentence.text)):
        relative = as_can.group().lower()
    to_come = next((phrase for phrase in say.TO_COME if f" {phrase} " in text), "")
    news = any(is_in(word, say.NEWS) for word in found)
    ahead = news and (_AHEAD & set(found) or _WHEN.search(sentence.text))
    if to_come or ahead or (relative and news):
        return _flaw(
            sentence, to_come or relative, FlawKind.NO_TIME,
            "it announces news without a time to expect it at", "Next update HH:MM UTC.",
        )  # fmt: skip
    if (
        relative
        and relative not in {"at this time", "at the moment", "for now"}
        and not anchors.figures(sentence)
    ):
        return _flaw(
            sentence,
            relative,
            FlawKind.NO_TIME,
            f"“{relative}” is not a time",
            "By when? A clock time in UTC, or what it waits for.",
        )
    return None


def _how_many(sentence: Sentence) -> Flaw | None:
    """A quantity that is no number, of something that is counted."""
    if anchors.figures(sentence):
        return None
    for before, token, after in zip(("", *sentence.words), *_from_here(sentence), strict=False):
        named = token.lower == "limited" and after[:1] == ["to"] and anchors.anchored(sentence)
        if (
            named
            or before == "how"
            or (is_in(token.lower, words("share")) and before not in _A_SHARE)
            or not is_in(token.lower, say.WEASELS)
        ):
            continue
        if (
            token.lower in _BY_ITSELF
            or token.lower.endswith("ly")
            or after[:1] == ["of"]
            or any(map(_is_counted, after))
        ):
            return _flaw(
                sentence, token.text, FlawKind.VAGUE, f"“{token.text}” is no quantity",
                "How many, or what share: of which requests or customers, since when?",
            )  # fmt: skip
    return None


def _from_here(sentence: Sentence) -> tuple[list[Token], list[list[str]]]:
    """Every word, and the few after it."""
    tokens = [token for token in sentence.tokens if token.sort is Sort.WORD]
    return tokens, [[other.lower for other in tokens[n + 1 : n + 6]] for n in range(len(tokens))]


def _is_counted(word: str) -> bool:
    plural = word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is", "'s"))
    return is_in(word, say.COUNTED) or (plural and word not in say.FUNCTION)


def _how_bad(sentence: Sentence) -> Flaw | None:
    """A state without a measure, or compared with nothing that was measured."""
    if anchors.figures(sentence):
        return None
    than = next((b for a, b in pairwise(sentence.words) if a == "than" and b in say.THAN_WHAT), None)
    soft = than or _soft_state(sentence)
    if soft is None or anchors.unknown(sentence) or (than is None and anchors.anchored(sentence)):
        return None
    return _flaw(
        sentence, soft, FlawKind.VAGUE, f"“{soft}” has no measure",
        "What fails or is slow, how much of it (a share, a time), for whom and since when?",
    )  # fmt: skip


def _soft_state(sentence: Sentence) -> str | None:
    """A state, a move or a possibility without a measure, where little else is said: `logins are a bit slow`."""
    found, content = sentence.words, len(anchors.content(sentence))
    if len(found) > _SHORT:
        return None
    for place, word in enumerate(found):
        if (
            word in say.FUNCTION
            or (word == "error" and _CODE.search(sentence.text))
            or found[max(place - 1, 0)] in {"never", "not", "nothing", "no"}
            or (
                is_past(word)
                and found[place + 1 : place + 2] in {("the",), ("a",), ("our",), ("its",), ("their",)}
            )
            or _COMPOUND.match(" ".join(found[place : place + 2]))
            or not (is_in(word, say.SOFT_STATES | say.MOVES) or word.endswith("ish"))
        ):
            continue
        is_said = bool(_COPULAS & set(found[max(place - 4, 0) : place]))
        if content <= (2 if is_said else 1):
            return word
    return _mere_state(found) or _mere_trouble(found)


def _mere_trouble(found: tuple[str, ...]) -> str | None:
    """What is wrong with what, and no more: `delays in card payments`."""
    place = next((n for n, word in enumerate(found[:4]) if is_in(word, say.TROUBLES)), None)
    if place is None or found[place + 1 : place + 2] not in {(where,) for where in _WHERE}:
        return None
    told = {*found[:place], *found[place + 1 :]} & AUXILIARIES or any(map(is_past, found))
    return None if told else found[place]


def _mere_state(found: tuple[str, ...]) -> str | None:
    """What follows `is`, when no word of it can be measured: `the queue is long but moving`."""
    place = next((n for n, word in enumerate(found) if word in _COPULAS), None)
    after = found[place + 1 :] if place is not None else ()
    told = [
        word for word in after if word not in say.FUNCTION and word not in {"open", "closed", "full", "empty"}
    ]
    if told and all(
        is_in(word, say.EMPTY_QUALIFIERS | say.SOFT_STATES | say.MOVES | _MOVING) for word in told
    ):
        return told[0]
    return None


def _maybe_hurt(sentence: Sentence) -> Flaw | None:
    """Harm that may be, or is not always so: to how many, how often?"""
    found = sentence.words
    if anchors.figures(sentence):
        return None
    maybe = next(
        (a for a, b in pairwise((*found, "")) if a in say.MAYBE and (a, b) != ("could", "not")), None
    )
    partly = next((b for a, b in pairwise(found) if a == "not" and b in say.IN_PART), None)
    harm = any(is_in(word, say.HARM | say.SOFT_STATES) for word in found) or not anchors.anchored(sentence)
    permitted = any(a in {"you", "we", "i"} and b == maybe for a, b in pairwise(found))
    partly = partly or next((match.group().lower() for match in _NOT_AT_BEST.finditer(sentence.text)), None)
    if partly or (maybe and harm and not permitted and not anchors.unknown(sentence)):
        return _flaw(
            sentence, maybe or partly or "", FlawKind.VAGUE, f"“{maybe or partly}” leaves open how many and how often",
            "Who is affected, how many, how often? If it is not known, write that.",
        )  # fmt: skip
    return None


def _not_named(sentence: Sentence) -> Flaw | None:
    """Something, somehow, not properly, with all our might, as people say: what, in which way, who?"""
    found, content = sentence.words, len(anchors.content(sentence))
    if anchors.figures(sentence) or anchors.anchored(sentence):
        return None
    text = f" {' '.join(found)} "
    speech = next((phrase for phrase in say.FIGURES_OF_SPEECH if f" {phrase} " in text), None)
    wrongly = bool({"not", "isn't", "doesn't", "aren't", "don't", "wasn't"} & set(found)) or not {
        "work",
        "works",
    } & set(found)
    does = any(is_in(word, _BEHAVE) for word in found)
    for word in found if speech is None else (speech,):
        named = (
            (word == speech or word in say.INDEFINITE)
            or (is_in(word, say.EFFORT) and content <= 2 and any(is_in(w, _TRY) for w in found))
            or (is_in(word, say.MANNER) and does and wrongly and content <= 2)
            or (
                is_in(word, say.HEARSAY)
                and not _instructed(found)
                and (content <= 1 or word in _hearers(found))
            )
        )
        if named:
            return _flaw(
                sentence, word, FlawKind.VAGUE, f"“{word}” names nothing",
                "What exactly: which component, which symptom, who says so and how many, what is being tried?",
            )  # fmt: skip
    return None


def _instructed(found: tuple[str, ...]) -> bool:
    """Whether somebody was told to do something."""
    place = next((n for n, word in enumerate(found) if is_in(word, words("tell ask advise"))), None)
    return place is not None and "to" in found[place + 1 :]


def _hearers(found: tuple[str, ...]) -> tuple[str, ...]:
    """What stands where many say something: `students report`, `our members have complained`."""
    first = 1 if found[0] in {"our", "the", "other"} else 0
    return found[first + 1 : first + 3] if found[first : first + 1] and found[first].endswith("s") else ()


def _nothing_said(sentence: Sentence) -> Flaw | None:
    """A claim without a thing in it."""
    if (
        anchors.figures(sentence)
        or anchors.anchored(sentence)
        or len(anchors.content(sentence)) > _mere_work(sentence.words)
    ):
        return None
    if _things(sentence.words) > _FEW_THINGS and not {"we", "we're", "we've", "our", "working"} & set(
        sentence.words
    ):
        return None
    claims = [word for word in sentence.words if is_in(word, _CLAIMS) and word not in say.FUNCTION]
    if (
        "inconvenience" not in sentence.words
        and not claims
        and (len(sentence.words) < 3 or any(is_in(word, say.COURTESY) for word in sentence.words))
    ):
        return None
    return _flaw(
        sentence, "", FlawKind.VAGUE, "state what is done or known",
        "What exactly: which component, which symptom, what is being tried or was changed, and what it showed?",
    )  # fmt: skip


def _things(found: tuple[str, ...]) -> int:
    """How many parts of a system or of its work are named."""
    return len({next(iter(sorted(stems(word)))) for word in found if is_in(word, say.THINGS)})


def _mere_work(found: tuple[str, ...]) -> int:
    """How many words of content say too little: one, where all that is done with it is work."""
    works = any(
        b in {"work", "works"} and a not in say.FUNCTION for a, b in pairwise(found)
    )  # `payments work`
    return int(not works and any(is_in(word, say.WORK) for word in found))


def _flaw(sentence: Sentence, words: str, kind: FlawKind, problem: str, better: str) -> Flaw:
    place = sentence.text.lower().find(words.lower()) if words else -1
    start = sentence.start + max(place, 0)
    end = start + len(words) if place >= 0 else sentence.end
    return Flaw(kind, sentence.text, start, end, problem, better)
