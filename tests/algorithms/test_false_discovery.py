"""False discoveries: the more is tried, the smaller a chance must be."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from lastgood.algorithms.false_discovery import discovery_rates


def test_the_example_of_the_paper() -> None:
    """Fifteen comparisons, of which four stay under 5 %."""
    chances = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
        0.7590, 1.0,
    ]  # fmt: skip
    assert 4 == sum(rate <= 0.05 for rate in discovery_rates(chances))


def test_one_trial_is_as_good_as_its_chance() -> None:
    """Nothing else was tried, so nothing has to be made good for."""
    assert [0.03] == pytest.approx(discovery_rates([0.03]))
    assert [] == discovery_rates([])


@given(st.lists(st.floats(0, 1), max_size=40))
def test_rates_are_no_smaller_than_chances_and_in_their_order(chances: list[float]) -> None:
    """A rate is a chance made larger, and the order stays."""
    rates = discovery_rates(chances)
    assert all(chance <= rate * (1 + 1e-12) <= 1 + 1e-9 for chance, rate in zip(chances, rates, strict=True))
    ordered = [rate for _, rate in sorted(zip(chances, rates, strict=True))]
    assert all(low <= high for low, high in pairwise(ordered))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_rates_are_those_of_scipy(chances: list[float]) -> None:
    """Benjamini and Hochberg's."""
    assert pytest.approx(list(false_discovery_control(chances)), abs=1e-12) == discovery_rates(chances)
