"""Explanations as rivals: each one's share of what speaks for all of them, and how sure that is.

A weight is a likelihood: how well what is seen fits, were this the cause. The shares are the posterior
of Bayes's rule with equal priors over explanations that exclude each other; that nothing known is the cause
is one of them, so that a single weak suspect is not sure by being alone.
"""

from collections.abc import Iterable, Mapping
from math import prod
from typing import TypeVar

from lastgood.model.judgement import Amount, Reason

K = TypeVar("K")
# fmt: off
UNKNOWN = Amount(0.3, "of weight, for a cause that is not recorded", "judgement (decision 0012): a single weak suspect is not certain by being alone")
BELIEF_MOST = Amount(0.95, "of confidence at most", "judgement: nothing is certain")
# fmt: on


def weight(reasons: Iterable[Reason]) -> float:
    """The weight of an explanation: its reasons are taken as independent."""
    return prod(reason.ratio for reason in reasons)


def belief(share: float) -> float:
    """How sure one may be of an explanation that has this share of all: its odds squared.

    The ratios of reasons are people's judgement and held small, so shares say too little both ways: those above one half
    are right more often, those below less often (decision 0012). One half stays one half.
    """
    held = min(max(share, 0.0), 1.0)
    return min(BELIEF_MOST, held * held / (held * held + (1 - held) * (1 - held)))


def shares(weights: Mapping[K, float], others: float | None = None) -> dict[K, float]:
    """The share of each explanation, `others` being the weight of every cause that is not among them: UNKNOWN by default."""
    whole = sum(weights.values()) + (UNKNOWN if others is None else others)
    return (
        {key: value / whole for key, value in weights.items()} if whole > 0 else dict.fromkeys(weights, 0.0)
    )
