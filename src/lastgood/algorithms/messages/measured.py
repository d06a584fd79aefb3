"""Numbers and times of a text against those that were measured."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lastgood.algorithms.messages.sentences import Sentence
from lastgood.algorithms.messages.vocabulary import is_in
from lastgood.model.answers import Impact
from lastgood.model.figures import percent
from lastgood.model.message import Facts, Flaw, FlawKind

_NUMBER = r"\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+|\d+"
_SHARE = re.compile(
    r"(?<![\d.,])(\d+(?:\.\d+)?)\s?(?:%|percent\b|per cent\b)(?!\s+of\s+(?:them|those|failures|failing|slow|errors|traffic|the)\b)",
    re.IGNORECASE,
)
_OF_ALL = re.compile(r"\s+of\s+all\b", re.IGNORECASE)
_PREDICTED = re.compile(r"\w\([^()]*\) [<>]=? $")
_PEOPLE = re.compile(
    rf"(?<![\d.,:])(?<!\bof\s)({_NUMBER})\s+(?:\w+\s)?(?:users|customers|people|clients|accounts)\b",
    re.IGNORECASE,
)
_OF = re.compile(
    rf"(?<![\d.,:])({_NUMBER})\s+of\s+({_NUMBER})\s+(?:\w+\s)?(?:requests|calls|orders|checkouts|logins|payments)\b",
    re.IGNORECASE,
)
_ON_PLACE = re.compile(r"\s+agree\b", re.IGNORECASE)
_SINCE = re.compile(
    r"\b(?:since|from|started (?:at|around)|began (?:at|around)|starting (?:at|around))\s+(?:about\s+|around\s+)?(\d{1,2}):(\d{2})(?:\s?(UTC|GMT|Z)\b|Z\b)",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"→|->|\b(?:fell|fallen|dropped|rose|risen|went|down|up|back|recovered) (?:from|to|at|under|below|again)\b"
    r"|\b(?:works?|working|succeeds?|possible|normal|available|reachable|healthy) again\b|\bno longer\b|\b(?:recovered|restored|over|ended)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|approx|some|nearly|almost|over|under|more than|less than|up to|~)\W*$|[~≈<>]\s*$",
    re.IGNORECASE,
)
_SLACK = timedelta(minutes=2)


def contradictions(sentence: Sentence, facts: Facts) -> Iterator[Flaw]:
    """Shares, counts and times of a sentence about the harm that are not those measured."""
    if not any(is_in(word, "harm") for word in sentence.words) or _MOVED.search(sentence.text):
        return
    if facts.impact:
        yield from _shares(sentence, facts.impact)
        yield from _counts(sentence, facts.impact, facts.agree)
    yield from _times(sentence, facts)


def _shares(sentence: Sentence, impact: Impact) -> Iterator[Flaw]:
    known = [100 * share for share in (impact.failure_share, impact.baseline_share) if share is not None]
    if impact.failure_share is None:
        return
    for match in _SHARE.finditer(sentence.text):
        if impact.of and _OF_ALL.match(sentence.text, match.end()):
            continue  # what was measured is a share of some
        if _PREDICTED.search(sentence.text, 0, match.start()):
            continue  # what a prediction is held against
        if not any(_agrees(match[1], value, sentence.text[: match.start()]) for value in known):
            yield _flaw(sentence, match, f"{percent(impact.failure_share)} of requests fail")


def _counts(sentence: Sentence, impact: Impact, agree: tuple[int, int] | None) -> Iterator[Flaw]:
    """Users and requests. What agrees on the place where calls break is another count than what failed."""
    for match in _PEOPLE.finditer(sentence.text):
        if impact.users is not None and not _agrees(match[1], impact.users, sentence.text[: match.start()]):
            yield _flaw(sentence, match, f"{impact.users} users")
    for match in _OF.finditer(sentence.text):
        on_place = agree is not None and bool(_ON_PLACE.match(sentence.text, match.end()))
        some, every = agree if agree and on_place else (impact.failed, impact.requests)
        if some is None or every is None:
            continue
        if not (_agrees(match[1], some, "") and _agrees(match[2], every, "")):
            done = "agree" if on_place else "failed"
            yield _flaw(sentence, match, f"{some} of {every} requests {done}")


def _times(sentence: Sentence, facts: Facts) -> Iterator[Flaw]:
    for match in _SINCE.finditer(sentence.text):
        said = at_clock(int(match[1]), int(match[2]), facts.now)
        if facts.since and said and abs(said - facts.since.replace(second=0, microsecond=0)) > _SLACK:
            yield _flaw(sentence, match, f"onset {facts.since.astimezone(UTC):%H:%M} UTC")


def at_clock(hour: int, minute: int, now: datetime) -> datetime | None:
    """The last time before `now` that a clock in UTC showed this; None when no clock does."""
    if hour > 23 or minute > 59:
        return None
    said = now.astimezone(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return said if said <= now else said - timedelta(days=1)


def _agrees(said: str, measured: float, before: str) -> bool:
    """Whether a number is the measured one, as exactly as it is written; `about` allows a quarter, the time since it was measured a twentieth."""
    bare = re.sub(r"[ ,\u00a0\u202f]", "", said)
    digits = len(bare.partition(".")[2])
    slack = 0.25 if _ABOUT.search(before) else 0.05
    value = float(bare)
    return abs(value - measured) <= max(0.5 * 10.0**-digits, slack * measured) + 1e-9


def _flaw(sentence: Sentence, match: re.Match[str], measured: str) -> Flaw:
    start = sentence.start + match.start()
    said = match.group().strip()
    return Flaw(
        FlawKind.CONTRADICTION, sentence.text, start, start + len(match.group()),
        f"“{said}” is not what was measured", f"Measured: {measured}. Write that, or state what the other number counts.",
    )  # fmt: skip
