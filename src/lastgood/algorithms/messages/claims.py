"""Claims that go beyond what is known: a cause without support, and promises about the future."""

import re
from collections.abc import Iterator, Sequence

from lastgood.algorithms.messages.sentences import Sentence, Sort, Token
from lastgood.algorithms.messages.vocabulary import forms, is_in
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
# What only explains something else, unless the sentence is about harm.
_EXPLAINS = re.compile(r"because|due to|thanks to|c[ao]mes? from|led to|leads to", re.IGNORECASE)
_PROMISE = re.compile(
    r"\b(never(?= .*\b(again|happen|recur|repeat))|never again|once and for all|for good|will not (re|happen|occur|come back)\w*"
    r"|won't (re(?!main)|happen|occur|come back)\w*|cannot happen again|can't happen again|impossible for this|not happen again"
    r"|no (longer )?(risk|chance|way) (of|that|this)|100\s?% (sure|certain|safe)|last time this"
    r"|(we|i)(('ll| will| can| do) \w*ly)?('ll| will| can| do)? (guarantee|promise|vow|swear|pledge|assure))\b",
    re.IGNORECASE,
)
_HEDGE_WORDS = re.compile(
    r"\b(probably|presumably|perhaps|maybe|most likely|(we|i) (think|believe|guess|assume|reckon)( that)?)\s*",
    re.IGNORECASE,
)


def speculates(sentence: Sentence, supported: Sequence[str] = ()) -> Iterator[Flaw]:
    """A cause that no supported hypothesis names, stated without a label such as “suspected”."""
    shown = "confirmed" in sentence.words and any(token.sort is Sort.FIGURE for token in sentence.tokens)
    causal, hedged = _CAUSAL.search(sentence.text), _HEDGED.search(sentence.text)
    found = hedged or causal
    if found is None or shown or _LABELLED.search(sentence.text):
        return
    if not hedged and (_explains(sentence, found.group()) or _backed(sentence, supported)):
        return
    yield Flaw(
        FlawKind.SPECULATION, sentence.text, sentence.start + found.start(), sentence.start + found.end(),
        "a guess at a cause is not labelled as a guess" if hedged
        else "no supported hypothesis names this cause",
        f"Suspected: {_bare(sentence.text)} (not confirmed). Or name the evidence, with its number.",
    )  # fmt: skip


def promises(sentence: Sentence) -> Iterator[Flaw]:
    """A promise that cannot be kept: it will never happen again, we guarantee."""
    if found := _PROMISE.search(sentence.text):
        yield Flaw(
            FlawKind.PROMISE, sentence.text, sentence.start + found.start(), sentence.start + found.end(),
            "this promise cannot be kept",
            "What is being changed, by whom and by when, and which class of failure does that remove?",
        )  # fmt: skip


def _explains(sentence: Sentence, joint: str) -> bool:
    """Whether `because` and the like explain something other than the incident."""
    return bool(_EXPLAINS.fullmatch(joint)) and not any(is_in(word, "harm") for word in sentence.words)


def _backed(sentence: Sentence, supported: Sequence[str]) -> bool:
    """Whether a supported hypothesis and the sentence name the same thing."""
    named = {stem for token in sentence.tokens if _telling(token) for stem in forms(token.lower)}
    return any(
        not named.isdisjoint(forms(word))
        for text in supported
        for word in re.findall(r"[\w.-]+", text.lower())
    )


def _telling(token: Token) -> bool:
    common = is_in(token.lower, "function", "thing", "act", "state", "harm")
    return token.sort is not Sort.MARK and len(token.text) > 2 and not common


def _bare(text: str) -> str:
    """A sentence without its hedge and full stop, to stand after a label."""
    return _HEDGE_WORDS.sub("", text).strip().rstrip(".!? ")
