"""Explanations share what speaks for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.rivals import BELIEF_MOST, UNKNOWN, belief, shares, weight
from lastgood.model.judgement import Reason, Weight


def test_a_suspect_that_fits_in_all_has_most_and_two_of_them_have_not() -> None:
    """One weighs more than what is not recorded; two halve what is left."""
    assert 0.5 < shares({"a": 1.0})["a"] == pytest.approx(1 / (1 + UNKNOWN))
    assert max(shares({"a": 1.0, "b": 1.0}).values()) < 0.5


def test_reasons_multiply_and_say_on_which_side_they_stand() -> None:
    """What lessens is said against, unless it fits as far as it goes."""
    reported = {"its diff": (2.5, None), "a while before": (0.5, True), "went by before": (0.3, None)}
    reasons = [Reason(Weight(ratio, said, ""), fits=fits) for said, (ratio, fits) in reported.items()]

    assert 0.375 == weight(reasons)
    assert [False, False, True] == [reason.against for reason in reasons]


@given(st.dictionaries(st.integers(), st.floats(0, 1e6), max_size=6), st.floats(0, 1e6))
def test_shares_are_shares(weights: dict[int, float], others: float) -> None:
    """Between 0 and 1, together at most 1, in the order of the weights."""
    found = shares(weights, others)

    assert weights.keys() == found.keys()
    assert sum(found.values()) <= 1 + 1e-9
    assert all(found[a] <= found[b] + 1e-12 for a in weights for b in weights if weights[a] <= weights[b])


@given(st.floats(0, 1), st.floats(0, 1))
def test_beliefs_part_from_one_half_and_keep_the_order(one: float, other: float) -> None:
    """More share is no less belief, one half stays, and nothing is certain."""
    assert 0.5 == belief(0.5)
    assert 0 <= belief(min(one, other)) <= belief(max(one, other)) <= BELIEF_MOST < 1
    assert belief(one) >= one or one <= 0.5 or one > BELIEF_MOST
    assert belief(one) <= one or one >= 0.5
