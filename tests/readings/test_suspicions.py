"""Strengths of evidence: growing, bounded, and less for what is hardly a break."""

import pytest

from lastgood.algorithms.steps import END, Break
from lastgood.readings.suspicions import break_strength, grown, recovered


def broken(then: str, usual: str, good: int = 0) -> Break:
    """A break of fifty against fifty."""
    return Break(("checkout", "Place"), "charge", then, usual, good, 50, 45, 50, 0.7)


def test_strength_grows_with_the_effect_and_stays_a_share() -> None:
    """0 at nothing, 0.63 at the scale, never 1."""
    assert 0 == grown(-3, 1)
    assert pytest.approx(0.632, abs=0.001) == grown(1, 1)
    assert grown(1, 1) < grown(10, 1) < 1


def test_going_on_longer_says_less_than_breaking_off() -> None:
    """And what happened at times before says less than what is new."""
    off = break_strength(broken(END, "ship"))

    assert off > break_strength(broken("audit", END))
    assert off > break_strength(broken(END, "ship", good=10))


def test_trouble_that_ends_is_a_recovery() -> None:
    """By the names of what used to follow and what follows now."""
    assert recovered("ErrorController.show", "ship")
    assert not recovered("ship", "ErrorController.show")
    assert not recovered("retry after timeout", "request failed")
