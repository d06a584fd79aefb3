"""Bisection by a test that may be flaky: which commit is the first bad one, as a posterior, and which to test next.

Noisy binary search: Horstein, "Sequential transmission using noiseless feedback", IEEE Trans. Inf. Theory 9 (1963); Ben-Or and Hassidim, "The Bayesian
learner is optimal for noisy binary search", FOCS 2008. The next commit is the one whose outcome is expected to tell most about the
first bad commit (mutual information), so a test is repeated where that tells most. How often a good commit fails and a bad one passes
is not known: both rates have a prior over a grid, and are estimated with the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from lastgood.algorithms.special import logsumexp, xlogy
from lastgood.model.bisection import RunOutcome

Floats = np.ndarray[Any, np.dtype[np.float64]]

# A test may tell nothing at all: rates up to a half are likely from the first run on. Were they thought of only once the test is
# known to be flaky, a few runs that agree by chance would look like a test that is seldom wrong: at 45 % it named 29 wrong commits
# of 406 (4 to 7 commits) and 15 of 72 (8 to 63), most within 33 runs.
RATES = np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.475, 0.5])
_LIKELY = np.array([2.0, 1.5, 1.2, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 1.0])  # most tests are seldom flaky
VERY_FLAKY = 0.22  # of its runs wrong, as it is learnt: rates that are learnt wrong matter most there
FLAKY_DOUBT = 0.3  # of the doubt that is allowed else
# Of the prior of both rates: what makes a test flaky often does so on both sides, or on one side only (a race that a bad commit
# wins at times; a service that is down at times). The rest knows nothing of one rate from the other.
BOTH_ALIKE, ONE_SIDED = 0.4, 0.3
LEAST_GAIN = 1e-9  # bits: what tells less is rounding
LEAST_RIVAL = 0.001  # chance of a commit that is named beside the likeliest
FAVOURED = 0.5  # certainty from which the likeliest is held against all others
# Below so many runs, more certainty is needed: how often a test is wrong is hardly known. The oftener it is learnt to be wrong, the
# more runs are few, for the likelier it is wrong still oftener.
FEW_RUNS, FEW_POWER = 18, 8
SELDOM_WRONG, MOST_FEW = 0.085, 4.0  # of runs wrong, from which more runs are few; times as many at most
UNIFORM = 0.1  # of the prior, so that a wrong one costs a few runs and no more


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How often each commit passed and failed; and those that cannot be tested. The last one is known to be bad.

    The first entry is the known good commit; it is never the first bad one.
    """

    passed: Floats
    failed: Floats
    skipped: "np.ndarray[Any, np.dtype[np.bool_]]"

    @classmethod
    def of(cls, size: int) -> Self:
        """So many commits, none of them tested."""
        return cls(np.zeros(size), np.zeros(size), np.zeros(size, bool))

    def count(self, place: int, outcome: RunOutcome) -> None:
        """Count one run on the commit at a place."""
        match outcome:
            case RunOutcome.SKIP:
                self.skipped[place] = True
            case RunOutcome.BAD:
                self.failed[place] += 1
            case RunOutcome.GOOD:
                self.passed[place] += 1


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed after some tests."""

    posterior: Floats  # of each commit being the first bad one
    groups: "np.ndarray[Any, np.dtype[np.int64]]"  # commits that no test can tell apart have one number
    false_fail: Floats  # how often a good commit fails, given each commit as the first bad one
    false_pass: Floats  # how often a bad one passes
    flake: tuple[float, float]  # both, over all

    @property
    def very_flaky(self) -> bool:
        """Whether the test is learnt to be wrong so often that it tells little."""
        return sum(self.flake) / 2 >= VERY_FLAKY

    @property
    def best(self) -> tuple[int, ...]:
        """The commits of the likeliest group."""
        return tuple(int(n) for n in np.flatnonzero(self.groups == int(np.argmax(self._by_group))))

    @property
    def certainty(self) -> float:
        """How likely it is that the first bad commit is among the best."""
        return float(self._by_group.max())

    @property
    def bits(self) -> float:
        """What is not known yet."""
        shares = self._by_group
        return float(-np.sum(xlogy(shares, shares)) / np.log(2))

    @property
    def _by_group(self) -> Floats:
        summed: Floats = np.bincount(self.groups, weights=self.posterior).astype(np.float64)
        return summed


def believed(tests: Outcomes, prior: Sequence[float] | None = None, flake: float | None = None) -> Belief:
    """The posterior; `flake` fixes both rates, where it is known."""
    if flake is not None:
        return _of_rates(tests, prior, np.array([min(max(flake, 1e-4), 0.49)]), np.ones((1, 1)))
    return _of_rates(tests, prior, RATES, _both(_LIKELY))


def _of_rates(tests: Outcomes, prior: Sequence[float] | None, rates: Floats, of_both: Floats) -> Belief:
    """The posterior where both rates are some of these, each pair with its chance."""
    weights = np.log(of_both)
    start = np.log(_prior(tests, prior))
    good = np.array(
        [_before(tests.failed) * np.log(r) + _before(tests.passed) * np.log(1 - r) for r in rates]
    )
    bad = np.array([_from(tests.passed) * np.log(r) + _from(tests.failed) * np.log(1 - r) for r in rates])
    joint = start + good[:, None, :] + bad[None, :, :] + weights[:, :, None]
    joint = np.exp(joint - logsumexp(joint))
    each = joint.sum(axis=(0, 1))
    shown = np.maximum(each, 1e-300)
    first = (joint.sum(axis=1) * rates[:, None]).sum(axis=0) / shown
    second = (joint.sum(axis=0) * rates[:, None]).sum(axis=0) / shown
    flaky = float((each * first).sum()), float((each * second).sum())
    return Belief(each, _groups(tests), first, second, flaky)


def gains(belief: Belief, tests: Outcomes) -> Floats:
    """How many bits the outcome of testing each commit is expected to tell about the first bad one; 0 where it cannot be tested."""
    share = belief.posterior
    # Testing commit i: it is bad if the first bad one is i or earlier.
    fails = np.cumsum(share * (1 - belief.false_pass)) + (
        np.sum(share * belief.false_fail) - np.cumsum(share * belief.false_fail)
    )
    known = np.cumsum(share * _entropy(belief.false_pass)) + (
        np.sum(share * _entropy(belief.false_fail)) - np.cumsum(share * _entropy(belief.false_fail))
    )
    found: Floats = np.where(tests.skipped, 0.0, np.maximum(_entropy(np.clip(fails, 0, 1)) - known, 0.0))
    return found


def next_test(belief: Belief, tests: Outcomes) -> int | None:
    """The commit whose outcome is expected to tell most; None when none can tell more."""
    gained = gains(belief, tests)
    best = int(np.argmax(gained))
    return best if gained[best] > LEAST_GAIN else None


def rivals(belief: Belief) -> tuple[tuple[int, float], ...]:
    """Other commits than the likeliest, with their chance, the likelier first; not those of hardly any."""
    chances = belief.posterior
    order = (int(n) for n in np.argsort(-chances))
    return tuple((n, float(chances[n])) for n in order if n not in belief.best and chances[n] >= LEAST_RIVAL)


def needed(certainty: float, tests: Outcomes, belief: Belief, flake: float | None = None) -> float:
    """The certainty to stop at, where one is wanted: closer to 1 after few runs or of a very flaky test, unless the rate is known.

    A few runs that agree by chance look like a test that is seldom wrong: they were most of the wrong answers of tests that are
    wrong in 45 % of their runs.
    """
    if flake is not None:
        return certainty
    runs = float(tests.passed.sum() + tests.failed.sum())
    few = FEW_RUNS * min(max(sum(belief.flake) / 2 / SELDOM_WRONG, 1.0), MOST_FEW)
    doubt = (1 - certainty) * min(1.0, runs / few) ** FEW_POWER
    return 1 - doubt * (FLAKY_DOUBT if belief.very_flaky else 1)


def runs_left(belief: Belief, tests: Outcomes, certainty: float) -> int:
    """About how many runs until the belief is that certain, if each tells as much as the next one."""
    if belief.certainty >= certainty:
        return 0
    gained = gains(belief, tests)
    place = int(np.argmax(gained))
    if gained[place] <= LEAST_GAIN:
        return 0
    if belief.certainty > FAVOURED and (drift := _drift(belief, place)) > LEAST_GAIN:
        return int(np.ceil((_odds(certainty) - _odds(belief.certainty)) / drift))
    rest = _entropy(np.array(certainty)) + (1 - certainty) * max(
        0.0, np.log2(max(len(belief.posterior) - 1, 1))
    )
    return int(np.ceil(max(belief.bits - float(rest), 0.1) / gained[place]))


def _drift(belief: Belief, place: int) -> float:
    """By how much a run is expected to raise the log odds of the likeliest, if it is the first bad commit."""
    first = np.arange(len(belief.posterior))
    fails = np.where(place >= first, 1 - belief.false_pass, belief.false_fail)
    best = np.isin(first, belief.best)
    here, else_ = (
        np.clip(np.average(fails[part], weights=belief.posterior[part]), LEAST_GAIN, 1 - LEAST_GAIN)
        for part in (best, ~best)
    )
    return float(here * np.log(here / else_) + (1 - here) * np.log((1 - here) / (1 - else_)))


def _odds(chance: float) -> float:
    near = min(chance, 1 - LEAST_GAIN)
    return float(np.log(near / (1 - near)))


def _prior(tests: Outcomes, given: Sequence[float] | None) -> Floats:
    size = len(tests.passed)
    weights = np.zeros(size)
    weights[1:] = 1.0
    if given is not None and sum(given[1:]) > 0:
        reported = np.array([0.0, *given[1:]], float)
        weights = (1 - UNIFORM) * reported / reported.sum() + UNIFORM * weights / weights.sum()
    found: Floats = np.maximum(weights / weights.sum(), 1e-300)
    return found


def _both(weights: Floats) -> Floats:
    """The prior of both rates together: how often a good commit fails (rows), and a bad one passes (columns)."""
    usual = weights / weights.sum()
    apart, same = np.outer(usual, usual), np.diag(usual)
    never = np.zeros((len(usual), len(usual)))
    good_only, bad_only = never.copy(), never.copy()
    good_only[:, 0], bad_only[0, :] = usual, usual
    return BOTH_ALIKE * same + ONE_SIDED / 2 * (good_only + bad_only) + (1 - BOTH_ALIKE - ONE_SIDED) * apart


def _before(counts: Floats) -> Floats:
    """For each commit as the first bad one, the sum over the good ones."""
    found: Floats = np.cumsum(counts) - counts
    return found


def _from(counts: Floats) -> Floats:
    found: Floats = np.sum(counts) - _before(counts)
    return found


def _groups(tests: Outcomes) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """A number for commits between which none can be tested: of a skipped commit, that of the next one that is not."""
    able = ~tests.skipped
    able[-1] = True
    return np.cumsum(np.concatenate([[0], able[:-1]])).astype(np.int64)


def _entropy(chance: Floats) -> Floats:
    found: Floats = -(xlogy(chance, chance) + xlogy(1 - chance, 1 - chance)) / np.log(2)
    return found
