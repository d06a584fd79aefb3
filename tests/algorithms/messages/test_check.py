"""The check as a whole: every kind at its place, by audience."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.messages.check import sentences_of, style_flaws, text_flaws
from lastgood.model.message import Audience, Facts, FlawKind

FACTS = Facts(now=datetime(2026, 11, 24, 15, 20, tzinfo=UTC))
TEXT = (
    "We are looking into it. Ingrid broke the build. It is probably the cache. "
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
    """As a postmortem does."""
    found = [flaw.kind for sentence in sentences_of(TEXT) for flaw in style_flaws(sentence)]

    assert [FlawKind.VAGUE, FlawKind.BLAME, FlawKind.PROMISE] == found


@given(st.text(max_size=120))
def test_any_text_can_be_checked(text: str) -> None:
    """Whatever is written; places are inside the text, in order."""
    found = text_flaws(text, FACTS, Audience.PUBLIC)

    assert all(0 <= flaw.start <= flaw.end <= len(text) for flaw in found)
    assert sorted(flaw.start for flaw in found) == [flaw.start for flaw in found]
