"""Numbers against the telemetry: those that differ are reported, with the measured one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.messages.measured import at_clock, contradictions
from lastgood.algorithms.messages.sentences import sentences_of
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.message import Facts

NOW = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)
FACTS = Facts(
    now=NOW,
    since=datetime(2026, 11, 24, 14, 45, 20, tzinfo=UTC),
    impact=Impact(17_280, 968, 0.056, 0.002, 412, ImpactKind.ERRORS),
)


def wrong(text: str, facts: Facts = FACTS) -> list[str]:
    return [text[f.start : f.end] for s in sentences_of(text) for f in contradictions(s, facts)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("2 %", "About 2 % of checkouts fail."),
        ("since 14:30 UTC", "Checkout fails since 14:30 UTC."),
        ("300 customers", "300 customers could not pay."),
        ("500 of 17 280 requests", "500 of 17 280 requests failed."),
    ],
)
def test_what_differs_is_reported(expected: str, text: str) -> None:
    """Shares, onset, people, requests."""
    assert [expected] == wrong(text)


@pytest.mark.parametrize(
    "text",
    [
        "5.6 % of checkouts fail, usually 0.2 %.",
        "About 6 % of checkouts fail since 14:45 UTC.",
        "Some 400 customers could not pay.",
        "968 of 17,280 requests failed.",
        "96.8 % of failures are of one issuer.",
        "Errors fell from 9 % to 3 %.",
        "We added 40 % more memory.",
    ],
)
def test_what_agrees_or_is_of_something_else_is_fine(text: str) -> None:
    """As exact as it is written; shares of failures, moves and other matters are not compared."""
    assert [] == wrong(text)


def test_a_share_of_all_is_no_share_of_some() -> None:
    """Where the impact is of some requests; where it is of all, it is compared."""
    text = "5.6 % of requests to shop fail (baseline 0.2 %; 1.4 % of all requests fail)."
    assert FACTS.impact is not None
    some = replace(FACTS, impact=replace(FACTS.impact, of="shop (/a, /b)"))

    assert ([], ["1.4 %"]) == (wrong(text, some), wrong(text))


def test_what_agrees_on_the_place_is_another_count() -> None:
    """It is held against the traces or requests that were looked at, not against all that failed."""
    place = replace(FACTS, agree=(231, 232))

    assert [] == wrong("Calls fail at inventory (231 of 232 requests agree).", place)
    assert ["12 of 12 requests"] == wrong("Calls fail at inventory (12 of 12 requests agree).", place)
    assert ["231 of 232 requests"] == wrong("231 of 232 requests failed.", place)


def test_nothing_contradicts_what_was_not_measured() -> None:
    """Without numbers there is nothing to compare with."""
    assert [] == wrong("2 % of checkouts fail since 14:30 UTC.", Facts(now=NOW))


@given(st.floats(0.0001, 0.9999))
def test_the_measured_share_never_contradicts_itself(share: float) -> None:
    """However it is rounded to two decimals."""
    impact = Impact(10_000, None, share, None, None, ImpactKind.ERRORS)

    assert [] == wrong(f"{100 * share:.2f} % of checkouts fail.", Facts(now=NOW, impact=impact))


def test_a_clock_time_is_the_last_one_before_now() -> None:
    """A time later in the day was yesterday's."""
    assert datetime(2026, 11, 23, 23, 50, tzinfo=UTC) == at_clock(23, 50, NOW)
    assert None is at_clock(24, 0, NOW)
