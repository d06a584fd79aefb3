"""From which version on requests fail more, by counts."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lastgood.algorithms.version_step import LARGEST_FACTOR, dispersion_of, shares, step_of


def drawn(*failing: float, of: int = 2000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Counts of one operation, a version each."""
    sizes = np.full((len(failing), 1), float(of))
    return np.random.default_rng(seed).binomial(sizes.astype(int), np.array(failing)[:, None]).astype(
        float
    ), sizes


def test_the_version_with_the_step_is_found() -> None:
    """With the shares before and since."""
    step = step_of(*drawn(0.01, 0.01, 0.01, 0.05, 0.05))

    assert 3 == step.first_bad
    assert step.certainty > 0.999
    assert_allclose([0.01, 0.05], [step.before, step.since], atol=0.01)
    assert_allclose(1, step.posterior.sum())


@pytest.mark.parametrize(
    "failing", [(0.01,) * 6, (0.05, 0.01), (0.0, 0.0), (0.01, 0.01 * (LARGEST_FACTOR - 0.5))]
)
def test_no_step_upwards_is_none(failing: tuple[float, ...]) -> None:
    """Alike, better since, nothing fails, or less than a factor worse."""
    step = step_of(*drawn(*failing))

    assert (0, 0.0) == (step.first_bad, step.before)
    assert step.certainty > 0.5


def test_few_counts_leave_it_open() -> None:
    """One failure more is no step."""
    bad, of = np.array([[0.0], [1.0]]), np.array([[20.0], [20.0]])

    assert step_of(bad, of).certainty < 0.98


def test_another_mix_of_operations_is_no_step() -> None:
    """The new version serves mostly what always fails more."""
    of = np.array([[9000.0, 1000.0], [1000.0, 9000.0]])
    bad = of * np.array([0.001, 0.1])

    assert 0 == step_of(bad, of).first_bad
    assert_allclose(*shares(bad, of, 1), atol=1e-9)
    assert (0.0, 0.0) == shares(np.array([[1.0, 0], [0, 1.0]]), np.array([[2.0, 0], [0, 2.0]]), 1)


def test_bursts_weigh_less() -> None:
    """As many failures, all in few blocks."""
    even, bursts = np.full((100, 1), 2.0), np.zeros((100, 1))
    bursts[:5] = 40
    of = np.full((100, 1), 100.0)

    assert 1 == dispersion_of(even, of)
    assert dispersion_of(bursts, of) > 10
    bad, sizes = drawn(0.01, 0.03, of=400, seed=3)
    assert step_of(bad, sizes, 20).certainty < step_of(bad, sizes).certainty
    assert 1 == dispersion_of(np.zeros((3, 1)), np.zeros((3, 1)))


def test_equal_versions_seldom_have_a_step() -> None:
    """Of 400 histories of six equal versions at most 2 % are called one with 98 %."""
    called = [step_of(*drawn(*[0.02] * 6, of=500, seed=seed)) for seed in range(400)]

    assert np.mean([one.first_bad > 0 and one.certainty >= 0.98 for one in called]) <= 0.02
