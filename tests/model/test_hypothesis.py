"""Hypotheses: what is alive, and the result of a prediction."""

from hypotheses import ANZ, checked, hypothesis
from lastgood.model.hypothesis import Board, Hypothesis, Standing
from lastgood.model.prediction import Outcome
from records import START

ONE = Hypothesis(
    1, 2, hypothesis(ANZ), "kim", START, Standing.SUPPORTED, checked(1, Outcome.SUPPORTED).results
)
OUT = Hypothesis(2, 3, hypothesis(ANZ), "kim", START, Standing.RULED_OUT)


def test_what_is_ruled_out_is_not_alive() -> None:
    """Everything else is."""
    assert (True, False) == (ONE.alive, OUT.alive)
    assert (OUT,) == Board((ONE, OUT)).standing(Standing.RULED_OUT)


def test_results_are_found_by_the_place_of_the_prediction() -> None:
    """None where it was not checked."""
    assert ONE.results[0] is ONE.result(0)
    assert None is ONE.result(1)
