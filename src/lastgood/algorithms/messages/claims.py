"""Claims that go beyond what is known: a cause without support, and promises about the future."""

import re
from collections.abc import Iterator, Sequence

from lastgood.algorithms.messages import vague_words as say
from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.stems import is_in, stems, words
from lastgood.model.message import Flaw, FlawKind

# Effect and cause in one relation: the cause stands after these, or is their subject.
_CAUSAL = re.compile(
    r"\b(caused by|cause (of|for) \w+( \w+)? (is|was)|(root )?cause (is|was|:)|due to|because|result(s|ed)? (of|from)"
    r"|trigger(s|ed)( by)?|stem(s|med)? from|led to|leads to|brought on by|thanks to|owing to|as a consequence of|to blame"
    r"|comes? from|came from|responsible for|at fault|traced (back )?to|explained by|introduced by|broken by|culprit)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b((might|may|could) (well )?(be|have been) (the|a|an|our|some|related|due|caused|because|triggered|from)"
    r"|probably|presumably|perhaps|maybe|most likely|likely (the|a|an|our|due|caused|related|because|from)"
    r"|(we|i) (\w+ )?(think|believe|guess|assume|reckon)|seems? (to be|to come|like|related)|appears? to (be|come)"
    r"|looks? (like|as if)|my (guess|hunch|feeling|gut)|apparently|it (seems|appears) that|^\W*(might|could) (well )?be\b|must (be|have been) (the|a|an|our|some))\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\W*(suspected|suspicion|hypothes[ie]s|theory|unconfirmed|assumption|unknown|not known|supported|ruled out|refuted)\b"
    r"|\b(not (yet )?(confirmed|proven|verified|known|clear)|unconfirmed|to be confirmed|suspect(s|ed)?|ruled out|hypothesis"
    r"|is (not|open|unknown)|whether|do(es)? not know|don't know|cause open)\b",
    re.IGNORECASE,
)
_HARM = words(
    "fail error slow down outage time-out timeout break unavailable crash hurt affect degrade wrong stop incident decline"
)
_RECUR = words("happen occur recur repeat return reappear again be have see fail break")
_SURE = words("guarantee promise vow swear pledge assure")
_ENDLESS = re.compile(
    r"\b(never(?= .*\b(again|happen|recur|repeat))|never again|once and for all|for good|will not (re|happen|occur|come back)\w*"
    r"|won't (re(?!main)|happen|occur|come back)\w*|cannot happen again|can't happen again|impossible for this|not happen again"
    r"|no (longer )?(risk|chance|way) (of|that|this)|100\s?% (sure|certain|safe)|last time this)\b",
    re.IGNORECASE,
)


def speculates(sentence: Sentence, supported: Sequence[str] = ()) -> Iterator[Flaw]:
    """A cause that no supported hypothesis speaks of, stated without being labelled as suspected."""
    shown = "confirmed" in sentence.words and any(token.sort is Sort.FIGURE for token in sentence.tokens)
    if shown or _LABELLED.search(sentence.text):
        return
    causal, hedged = _CAUSAL.search(sentence.text), _HEDGED.search(sentence.text)
    found = hedged or causal
    if found is None or (
        causal and not hedged and (_no_harm(sentence, causal) or _backed(sentence, supported))
    ):
        return
    start = sentence.start + found.start()
    yield Flaw(
        FlawKind.SPECULATION, sentence.text, start, sentence.start + found.end(),
        "it guesses at a cause without saying that it is a guess" if hedged
        else "it states a cause that no supported hypothesis names",
        f"Suspected: {_bare(sentence.text)} (not confirmed). Or say what supports it, with its number.",
    )  # fmt: skip


def promises(sentence: Sentence) -> Iterator[Flaw]:
    """A promise that nobody can keep: it will never happen again, we guarantee."""
    found = _ENDLESS.search(sentence.text)
    sure = next(
        (token for token in sentence.tokens if token.sort is Sort.WORD and is_in(token.lower, _SURE)), None
    )
    if found is None and (sure is None or not _first_person(sentence, sure)):
        return
    start = sentence.start + found.start() if found else sure.start if sure else sentence.start
    end = sentence.start + found.end() if found else sure.end if sure else sentence.end
    yield Flaw(
        FlawKind.PROMISE, sentence.text, start, end, "nobody can keep this promise",
        "What is being changed, by whom and by when, and which class of failure does that remove?",
    )  # fmt: skip


def _no_harm(sentence: Sentence, causal: re.Match[str]) -> bool:
    """Whether `because` and the like explain something other than the incident."""
    if causal.group().lower() not in {
        "because",
        "due to",
        "thanks to",
        "comes from",
        "come from",
        "came from",
        "led to",
        "leads to",
    }:
        return False
    return not any(is_in(word, _HARM) for word in sentence.words)


def _backed(sentence: Sentence, supported: Sequence[str]) -> bool:
    """Whether a supported hypothesis and the sentence name the same thing."""
    common = say.FUNCTION | say.EMPTY_NOUNS | say.EMPTY_VERBS | say.SOFT_STATES | _HARM
    named = {stem for token in sentence.tokens if _telling(token, common) for stem in stems(token.lower)}
    return any(
        not named.isdisjoint(stems(word))
        for text in supported
        for word in re.findall(r"[\w.-]+", text.lower())
    )


def _telling(token: Token, common: frozenset[str]) -> bool:
    return token.sort is not Sort.MARK and len(token.text) > 2 and not is_in(token.lower, common)


def _first_person(sentence: Sentence, verb: Token) -> bool:
    before = [token.lower for token in sentence.tokens if token.start < verb.start]
    return bool({"we", "i", "we'll", "i'll", "can"} & set(before[-3:])) and not {
        "not",
        "cannot",
        "can't",
        "don't",
    } & set(before[-2:])


def _bare(text: str) -> str:
    """A sentence without its hedge and full stop, to stand after a label."""
    plain = re.sub(
        r"\b(probably|presumably|perhaps|maybe|most likely|(we|i) (think|believe|guess|assume|reckon)( that)?)\s*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    return plain.strip().rstrip(".!? ")
