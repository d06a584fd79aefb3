"""The check of messages: what is wrong with a text, sentence by sentence, with a better one or a question.

Three doors, all pure:

    style_flaws(sentence, people, known)  vagueness, blame and promises of one sentence
    blames(sentence, people, known)       blame alone, for documents that may otherwise be written freely
    text_flaws(text, facts, audience)     all of it, with guesses, numbers against the telemetry, internals and jargon

`people` are names of the record, `known` those of the telemetry: services, hosts and flags, which are no person's.
`sentences_of(text)` splits a text; positions count characters from its start.
"""

from collections.abc import Iterator, Sequence

from lastgood.algorithms.messages.blame import blames
from lastgood.algorithms.messages.claims import promises, speculates
from lastgood.algorithms.messages.internals import internals, jargon
from lastgood.algorithms.messages.measured import contradictions
from lastgood.algorithms.messages.sentences import Sentence, sentences_of
from lastgood.algorithms.messages.vague import vague
from lastgood.model.message import Audience, Facts, Flaw, FlawKind

__all__ = ["blames", "sentences_of", "style_flaws", "text_flaws"]


def style_flaws(sentence: Sentence, people: Sequence[str] = (), known: Sequence[str] = ()) -> Iterator[Flaw]:
    """What is wrong with a sentence by itself. What is asked of a blame or a promise makes it specific too."""
    graver = [*blames(sentence, people, known), *promises(sentence)]
    yield from graver or vague(sentence, (*people, *known))


def text_flaws(text: str, facts: Facts, audience: Audience = Audience.TEAM) -> tuple[Flaw, ...]:
    """Everything that is wrong with a text for an audience, in the order of the text."""
    found = [flaw for sentence in sentences_of(text) for flaw in _sentence_flaws(sentence, facts, audience)]
    return tuple(sorted(found, key=lambda flaw: (flaw.start, flaw.kind)))


def _sentence_flaws(sentence: Sentence, facts: Facts, audience: Audience) -> Iterator[Flaw]:
    guesses = list(speculates(sentence, facts.supported))
    yield from guesses
    for flaw in style_flaws(sentence, facts.people, facts.internals):
        if not guesses or flaw.kind is not FlawKind.VAGUE:
            yield flaw
    yield from contradictions(sentence, facts)
    if audience is Audience.PUBLIC:
        yield from internals(sentence, facts.internals)
    if audience is not Audience.TEAM:
        yield from jargon(sentence)
