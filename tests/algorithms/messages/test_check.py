"""The check as a whole: every kind at its place, by audience."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.messages.check import sentences_of, style_flaws, text_flaws
from lastgood.algorithms.messages.fields import field_flaws
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.message import Audience, Facts, FlawKind, Message, UpdateStatus

FACTS = Facts(now=datetime(2026, 11, 24, 15, 20, tzinfo=UTC))
TEXT = (
    "We are looking into it. The intern broke the build. It is probably the cache. "
    "This will never happen again. We restarted db-primary-2 to bring p99 down to 300 ms."
)


def kinds(audience: Audience) -> list[FlawKind]:
    return [flaw.kind for flaw in text_flaws(TEXT, FACTS, audience)]


def test_the_team_may_read_internals() -> None:
    """One flaw a sentence: what is graver stands for the vagueness in it."""
    assert [FlawKind.VAGUE, FlawKind.BLAME, FlawKind.SPECULATION, FlawKind.PROMISE] == kinds(Audience.TEAM)


def test_stakeholders_get_plain_words_and_the_public_no_internals() -> None:
    """Each audience adds to what is checked."""
    assert [FlawKind.JARGON] == kinds(Audience.STAKEHOLDERS)[4:]
    assert [FlawKind.INTERNAL, FlawKind.JARGON] == kinds(Audience.PUBLIC)[4:]


def test_a_sentence_can_be_checked_without_facts() -> None:
    """A guess is vague then: what supports it is not known."""
    found = [flaw.kind for sentence in sentences_of(TEXT) for flaw in style_flaws(sentence)]

    assert [FlawKind.VAGUE, FlawKind.BLAME, FlawKind.VAGUE, FlawKind.PROMISE] == found


@given(st.text(max_size=120))
def test_any_text_can_be_checked(text: str) -> None:
    """Whatever is written; places are inside the text, in order."""
    found = text_flaws(text, FACTS, Audience.PUBLIC)

    assert all(0 <= flaw.start <= flaw.end <= len(text) for flaw in found)
    assert sorted(flaw.start for flaw in found) == [flaw.start for flaw in found]


def test_what_is_read_at_night_is_short() -> None:
    """At most 20 words a sentence in every problem and every question."""
    texts = (
        TEXT + " Checkout was slow for some users. An update follows soon. The outage was caused by the pool."
        " 2 % of checkouts fail. Our provider broke the connection. It fails since 14:30 UTC."
    )
    impact = Impact(17_280, 968, 0.056, 0.002, 412, ImpactKind.ERRORS)
    facts = Facts(FACTS.now, since=FACTS.now, impact=impact)
    found = text_flaws(texts, facts, Audience.PUBLIC)
    message = Message(UpdateStatus.INVESTIGATING, Audience.PUBLIC)
    lacking = tuple(field_flaws(message, facts, timedelta(minutes=30)))

    assert set(FlawKind) - {FlawKind.STATUS} == {flaw.kind for flaw in (*found, *lacking)}
    read = [text for flaw in (*found, *lacking) for text in (flaw.problem, flaw.better)]
    assert [] == [s.text for text in read for s in sentences_of(text) if len(s.text.split()) > 20]
