"""Explanations as rivals: each one's share of what speaks for all of them, and a level for it.

A weight is a likelihood: how well what is seen fits, were this the cause. The shares are the posterior
of Bayes's rule with equal priors over explanations that exclude each other; that nothing known is the cause
is one of them, so that a single weak suspect is not sure by being alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeVar

K = TypeVar("K")
UNKNOWN = 0.3  # the weight of what nobody has told us
LIKELY, POSSIBLE = 0.5, 0.12  # of the share


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against an explanation: by how much it multiplies its weight."""

    ratio: float
    told: str
    fits: bool | None = None  # whether it is said for it; by default what does not lessen it is

    @property
    def against(self) -> bool:
        """Whether it is said against the explanation."""
        return self.ratio < 1 if self.fits is None else not self.fits


def weight(reasons: Iterable[Reason]) -> float:
    """The weight of an explanation: its reasons are taken as independent."""
    return prod(reason.ratio for reason in reasons)


def shares(weights: Mapping[K, float], others: float = UNKNOWN) -> dict[K, float]:
    """The share of each explanation, `others` being the weight of every cause that is not among them."""
    whole = sum(weights.values()) + others
    return (
        {key: value / whole for key, value in weights.items()} if whole > 0 else dict.fromkeys(weights, 0.0)
    )
