"""What the public must not read or cannot understand: internals of a system, suppliers blamed, jargon."""

import re
from collections.abc import Iterator, Mapping, Sequence

from lastgood.algorithms.messages.sentences import Sentence, Sort
from lastgood.algorithms.messages.vocabulary import PLAIN, is_in
from lastgood.model.message import Flaw, FlawKind

_NUMBERED = r"(?!(?i:sev|p|h|q)-?\d)"
_INTERNAL: Mapping[str, re.Pattern[str]] = {
    "an address": re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b"),
    "a place inside": re.compile(r"(?<!\w)#[a-z][\w-]+|(?<![\w/])/(?:srv|var|etc|opt|home|usr|tmp|app)/\S+"),
    "a host name": re.compile(
        rf"\b{_NUMBERED}[a-z][a-z]+(?:-[a-z0-9]+)*-\d+\b|\b[\w-]+\.(?:internal|local|svc|cluster|corp|lan)(?:\.[\w.-]+)?\b"
        r"|\b(?:ip|ec2|node|pod|i)-[0-9a-f-]{6,}\b|\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,10}-[a-z0-9]{5}\b"
    ),
    "a line of a stack trace": re.compile(
        r"\bat [\w.$]+\([\w.]+:\d+\)|\bFile \"[^\"]+\", line \d+|\b(?:\w+\.)*[A-Z]\w+(?:Exception|Error)\b|\bTraceback\b"
    ),
    "an id": re.compile(r"\b[0-9a-f]{7,}(?=[0-9a-f]*[a-f])[0-9a-f]*\b|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b(?<!\d{7})|\b[A-Z]{2,10}-\d{1,6}\b|\b(?:INC|CHG|PRB|REQ|RITM|CASE)\d{4,}\b"),
    "a version": re.compile(r"\bv?\d+\.\d+\.\d+(?:[-+]\w+)?\b|\bv\d+(?:\.\d+)*\b"),
    "an internal name": re.compile(r"\b(?!self-|full-|multi-|pre-|non-|in-|after-|customer-)[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:api|svc|service|worker|db|gateway|proxy|queue|cache|broker"
        r"|consumer|job|cron|server|cluster|node|replica|primary|prod|staging)\b|\b[a-z]+(?:_[a-z0-9]+)+\b|\b[A-Z][a-z]+(?:[A-Z][a-z]+)+(?:Service|Controller|Worker|Client|Job)\b|\b[A-Z][a-z]+Service\b"),
}  # fmt: skip
_NOT_INTERNAL = re.compile(r"^(?:SEV|UTC|GMT|COVID|ISO|UTF|SHA|RFC|H)-\d+$", re.IGNORECASE)
_USERS_SEE = "Write what users see: which feature, and what they can do instead."
_BLAMED = re.compile(r"\b(caused by|due to|because of|fault of|blame|thanks to|let down by)\b", re.IGNORECASE)
_JARGON = re.compile(
    rf"(?<![\w-])({'|'.join(sorted(map(re.escape, PLAIN), key=len, reverse=True))})(e?s)?(?![\w-])|\bHTTP \d{{3}}\b|\b(?:answers?|returns?|error|code|status|with) [45]\d\d\b",
    re.IGNORECASE,
)


def internals(sentence: Sentence, names: Sequence[str] = ()) -> Iterator[Flaw]:
    """What of a sentence only the team may read; `names` are those of its services, hosts and flags."""
    taken: list[range] = []
    for start, end, what in (*_named(sentence, names), *_shaped(sentence)):
        if not any(start < span.stop and span.start < end for span in taken):
            taken.append(range(start, end))
            yield _flaw(sentence, taken[-1], FlawKind.INTERNAL, f"is {what}", _USERS_SEE)
    yield from _supplier(sentence)


def jargon(sentence: Sentence) -> Iterator[Flaw]:
    """Words of insiders, each with a plain one."""
    for match in _JARGON.finditer(sentence.text):
        plain = PLAIN.get((match[1] or "").lower())
        better = f"Plainly: {plain}." if plain else "Write what users see instead."
        yield _flaw(sentence, range(*match.span()), FlawKind.JARGON, "is jargon", better)


def _named(sentence: Sentence, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The names given, unless they are ordinary words or numbers: `checkout` is a feature too, and `4` a count."""
    for name in sorted(set(names), key=len, reverse=True):
        if (name.isalpha() and name.islower()) or not any(map(str.isalpha, name)):
            continue
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence.text):
            yield match.start(), match.end(), "an internal name"


def _shaped(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """What has the form of an internal."""
    for what, pattern in _INTERNAL.items():
        for match in pattern.finditer(sentence.text):
            if not _NOT_INTERNAL.match(match.group()):
                yield match.start(), match.end(), what


def _supplier(sentence: Sentence) -> Iterator[Flaw]:
    """A supplier made the fault: what they did is theirs to report."""
    token = next((t for t in sentence.tokens if t.sort is Sort.WORD and is_in(t.lower, "supplier")), None)
    faulted = any(is_in(word, "destructive", "careless", "fault", "failed") for word in sentence.words)
    if token and (faulted or _BLAMED.search(sentence.text)):
        span = range(token.start - sentence.start, token.end - sentence.start)
        yield _flaw(
            sentence, span, FlawKind.INTERNAL, "is blamed", "Write what users see, and what you do about it."
        )


def _flaw(sentence: Sentence, span: range, kind: FlawKind, problem: str, better: str) -> Flaw:
    words = sentence.text[span.start : span.stop]
    start, end = sentence.start + span.start, sentence.start + span.stop
    return Flaw(kind, sentence.text, start, end, f"“{words}” {problem}", better)
