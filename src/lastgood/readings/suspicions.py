"""What a kind of evidence hands to the culprit question: suspicions, the rows they rest on, and limits."""

import re
from dataclasses import dataclass, field
from math import exp

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.steps import END, RARE, Break
from lastgood.model.evidence import Evidence
from lastgood.model.judgement import Amount

# fmt: off
SPREADS = Amount(4.0, "spreads of its own past that a metric must have moved", "judgement: robust spreads of quiet metrics reach three")
BREAK_STRENGTH = Amount(0.8, "of strength of a sequence that breaks off", "judgement: another way is not always a worse one")
BREAK_LONGER = Amount(0.5, "of it, where it only lasts longer", "judgement: more work is often harmless")
BREAK_SEEN = Amount(0.6, "of it, where it went that way before at times", "judgement: then it is known not to break everything")
BREAK_SCALE = Amount(0.2, "of units more that go that way give 0.63 of it", "judgement: a fifth is not another mix of requests")
# fmt: on


@dataclass(frozen=True, slots=True)
class Suspicions:
    """The suspicions of one kind of evidence. `callees`: who was seen to call whom."""

    found: tuple[Suspicion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    limits: tuple[str, ...] = ()
    callees: dict[str, set[str]] = field(default_factory=dict)
    served: dict[str, set[str]] = field(default_factory=dict)  # by peer: callers whose calls of it go through
    before: frozenset[str] = frozenset()  # peers that were called in the good window
    undecided: str = ""  # why this kind of evidence can name no suspect


def grown(effect: float, scale: float) -> float:
    """A strength between 0 and 1 from an effect: 0.63 at `scale`, 0.95 at three times that."""
    return 1 - exp(-max(effect, 0.0) / scale)


_TROUBLE = re.compile(r"error|exception|fail|fault|abort|reject|timeout", re.IGNORECASE)


def recovered(usual: str, now: str) -> bool:
    """Whether a sequence that used to go through trouble, by its name, no longer does: an end, not a start."""
    return bool(_TROUBLE.search(usual)) and not _TROUBLE.search(now)


def break_strength(item: Break) -> float:
    """How much a broken sequence says: less when it only goes on longer, or went that way before at times."""
    weight: float = BREAK_STRENGTH
    if item.usual == END and not _TROUBLE.search(item.then):
        weight *= BREAK_LONGER
    if item.good > RARE * item.good_of:
        weight *= BREAK_SEEN
    return weight * grown(item.lift, BREAK_SCALE)
