"""How alike two things are that are described by words under several headings, and by what.

Under each heading the cosine of their words, each weighted by how rare it is among all (inverse document
frequency; Salton and Buckley, Information Processing & Management 24, 1988), smoothed so that a handful of
things already behaves. Over the headings the mean by their weights; a heading that one of the two has nothing
under is unknown rather than different, and does not count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt

Described = Mapping[str, frozenset[str]]  # heading: words

_PRIOR = 20  # things that are supposed to be there besides those that are: with one or two, no word is common


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, 0..1; what is shared under each heading, the rarest first; how much of the weight could be compared."""

    score: float
    shared: Mapping[str, tuple[str, ...]]
    compared: float  # 0..1


def rarity(things: Iterable[Described]) -> Mapping[tuple[str, str], float]:
    """The weight of every word under its heading; of a word that is not there, see `likeness`."""
    every = list(things)
    seen = Counter((heading, word) for one in every for heading, words in one.items() for word in words)
    return {key: _weight(count, len(every)) for key, count in seen.items()}


def _weight(count: int, of: int) -> float:
    return log(1 + (of + _PRIOR) / (count + 1))


def likeness(
    one: Described, other: Described, weights: Mapping[str, float], rare: Mapping[tuple[str, str], float]
) -> Likeness:
    """How alike two things are; `weights` are those of the headings, `rare` those of the words."""
    most = max(rare.values(), default=1.0)
    total = compared = 0.0
    shared: dict[str, tuple[str, ...]] = {}
    for heading, weight in weights.items():
        mine, theirs = one.get(heading, frozenset()), other.get(heading, frozenset())
        if not mine or not theirs:
            continue
        value = {word: rare.get((heading, word), most) for word in mine | theirs}
        both = mine & theirs
        size = sqrt(sum(value[w] ** 2 for w in mine) * sum(value[w] ** 2 for w in theirs))
        total += weight * min(1.0, sum(value[word] ** 2 for word in both) / size)
        compared += weight
        if both:
            shared[heading] = tuple(sorted(both, key=lambda word: (-value[word], word)))
    whole = sum(weights.values())
    return Likeness(total / compared if compared else 0.0, shared, compared / whole if whole else 0.0)
