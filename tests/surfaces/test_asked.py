"""What a command is asked, there and back."""

from datetime import UTC, datetime, timedelta

import pytest

from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.surfaces.asked import Asked, asked_of

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
BAD, GOOD = Window(AT, AT + timedelta(minutes=5)), Window(AT - timedelta(hours=1), AT)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(question="culprit", services=("shop", "card payments"), zone="Europe/Berlin", now=AT, window=BAD),
        Asked(output="html", brief=True, width=60, window=BAD, good=GOOD, limit=7, incident=3, release="v2 & co"),
    ],
)  # fmt: skip
def test_everything_that_is_given_arrives(asked: Asked) -> None:
    """To the nanosecond of a clock, whatever is in a name."""
    assert asked == asked_of(asked.query())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("sql", "DROP", "not a parameter"), ("limit", "0", "not a number"), ("limit", "1e9", "not a number"),
        ("incident", "9999999999", "not a number"), ("now", "today", "not a time"), ("now", "2026-11-20", "not a time"),
        ("window", f"{AT.isoformat()}..{AT.isoformat()}", "ends before"), ("good", "x", "not a time"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_so(name: str, value: str, words: str) -> None:
    """Never a fault."""
    with pytest.raises(UsageError, match=words):
        asked_of([(name, value)])


def test_both_windows_make_a_comparison_and_commands_carry_what_was_given() -> None:
    """As a command here has it."""
    asked = Asked(window=BAD, good=GOOD, services=("shop",))
    assert asked.comparison is not None
    assert (GOOD, BAD, True) == (asked.comparison.good, asked.comparison.bad, asked.comparison.given)
    assert Asked(window=BAD).comparison is None
    assert (BAD, GOOD, ("shop",)) == (asked.how.window, asked.how.baseline, asked.how.services)
