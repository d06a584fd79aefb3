"""Version step: from which of several versions on requests fail more, by counts that are there already.

Each version is one stretch of Bernoulli trials in each operation, with one share of failures before the first bad version and
another one from it on; both are unknown (Jeffreys' prior), and that there is no step at all is as likely beforehand as any step
(a change point with conjugate priors: Barry and Hartigan, "Product partition models for change point problems", Ann. Stat. 20, 1992).
Failures come in bursts, so the evidence is divided by their dispersion over blocks of time (quasi-likelihood: McCullagh and Nelder,
"Generalized Linear Models", 1989, chapter 9).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaln, logsumexp

Floats = np.ndarray[Any, np.dtype[np.float64]]
LARGEST_FACTOR = 2.0  # times as many failures at least, to be called a step


@dataclass(frozen=True, slots=True)
class Step:
    """What is believed of the versions."""

    posterior: Floats  # (versions,): of each being the first bad one; the first entry is that none is
    first_bad: int  # the likeliest; 0 where none is
    before: float  # share of failures of the versions before it, with the operations of those from it on
    since: float  # of those from it on

    @property
    def certainty(self) -> float:
        """How likely the likeliest is."""
        return float(self.posterior[self.first_bad])


def step_of(bad: Floats, of: Floats, dispersion: float = 1.0) -> Step:
    """The step of counts of shape (versions, operations), the oldest version first."""
    versions = len(of)
    logs = np.full(versions, -np.inf)
    logs[0] = _evidence(bad, of)
    for first in range(1, versions):
        before, since = shares(bad, of, first)
        if since >= LARGEST_FACTOR * before and since > 0:
            logs[first] = _evidence(bad[:first], of[:first]) + _evidence(bad[first:], of[first:])
    logs = (logs - logs[0]) / max(1.0, dispersion)
    logs[1:] -= np.log(max(1, versions - 1))
    posterior = np.exp(logs - logsumexp(logs))
    best = int(np.argmax(posterior))
    return Step(posterior, best, *(shares(bad, of, best) if best else (0.0, 0.0)))


def shares(bad: Floats, of: Floats, first: int) -> tuple[float, float]:
    """The share of failures before a version, with the mix of operations from it on, and from it on."""
    weights = of[first:].sum(axis=0)
    old_bad, old_of = bad[:first].sum(axis=0), of[:first].sum(axis=0)
    both = (weights > 0) & (old_of > 0)
    if not both.any():
        return 0.0, 0.0
    before = float(np.average(old_bad[both] / old_of[both], weights=weights[both]))
    return before, float(bad[first:].sum(axis=0)[both].sum() / weights[both].sum())


def dispersion_of(bad: Floats, of: Floats) -> float:
    """How many times as much failures vary over blocks as independent ones would; at least 1. Of shape (blocks, cells)."""
    total = of.sum(axis=0)
    share = np.divide(bad.sum(axis=0), total, out=np.zeros(of.shape[1]), where=total > 0)
    expected, variance = of * share, of * share * (1 - share)
    used = variance > 0
    cells = used.any(axis=0).sum()
    free = int(used.sum() - cells)
    if free < 1:
        return 1.0
    return max(1.0, float(((bad - expected)[used] ** 2 / variance[used]).sum() / free))


def _evidence(bad: Floats, of: Floats) -> float:
    """The log of the chance of the counts, each operation with one share that is not known."""
    failed, all_ = bad.sum(axis=0), of.sum(axis=0)
    found: Floats = betaln(failed + 0.5, all_ - failed + 0.5) - betaln(0.5, 0.5)
    return float(found.sum())
