"""What a kind of evidence hands to the culprit question: suspicions, the rows they rest on, and limits."""

import re
from dataclasses import dataclass, field
from math import exp

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.steps import END, RARE, Break
from lastgood.model.evidence import Evidence

SPREADS = 4.0  # of its own past that a metric must have moved


@dataclass(frozen=True, slots=True)
class Suspicions:
    """The suspicions of one kind of evidence. `callees`: who was seen to call whom."""

    found: tuple[Suspicion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    limits: tuple[str, ...] = ()
    callees: dict[str, set[str]] = field(default_factory=dict)
    served: dict[str, set[str]] = field(default_factory=dict)  # by peer: callers whose calls of it go through
    before: frozenset[str] = frozenset()  # peers that were called in the good window
    undecided: str = ""  # why this kind of evidence can name nobody


def grown(effect: float, scale: float) -> float:
    """A strength between 0 and 1 from an effect: 0.63 at `scale`, 0.95 at three times that."""
    return 1 - exp(-max(effect, 0.0) / scale)


_TROUBLE = re.compile(r"error|exception|fail|fault|abort|reject|timeout", re.IGNORECASE)


def recovered(usual: str, now: str) -> bool:
    """Whether a sequence that used to go through trouble, by its name, no longer does: an end, not a start."""
    return bool(_TROUBLE.search(usual)) and not _TROUBLE.search(now)


def break_strength(item: Break) -> float:
    """How much a broken sequence says: less when it only goes on longer, or went that way before at times."""
    weight = 0.8
    if item.usual == END and not _TROUBLE.search(item.then):
        weight *= 0.5
    if item.good > RARE * item.good_of:
        weight *= 0.6
    return weight * grown(item.lift, 0.2)
