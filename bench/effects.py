"""Whether an action worked, judged on drawn counts: how often the answer is wrong, and how soon it can be given.

What happened is known: all of the harm is gone, nine tenths, half, none, or it doubled. Requests come at Poisson counts a minute,
each minute's share of failures wavers (a beta distribution whose spread is a third of its mean), so that counts are
more uneven than the intervals assume. Counts before the action are of 5 to 30 minutes, the baseline of an hour.
`lastgood.algorithms.effect` judges the counts at every look, one a minute for half an hour, since people look again and
again: an answer is counted as wrong if it was ever given.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
from bench.figures import Figure

from lastgood.algorithms.effect import Floats, share_effect, wavering
from lastgood.model.action import Effect, Tally

NEEDS = ""
DRAWS = 40
LEFT = {"all gone": 0.0, "nine tenths gone": 0.1, "half gone": 0.5, "none gone": 1.0, "doubled": 2.0}
RATES = (0.2, 2.0, 20.0)  # requests a second
SHARES = (0.02, 0.1, 0.4)  # that fail while bad
USUAL = 0.003
SPREAD = 1 / 3
LOOKS = 30
WRONG = {
    "all gone": {Effect.WORSE, Effect.NO_EFFECT},
    "nine tenths gone": {Effect.WORSE, Effect.NO_EFFECT},
    "half gone": {Effect.WORSE, Effect.RECOVERED},
    "none gone": {Effect.IMPROVING, Effect.RECOVERED, Effect.WORSE},
    "doubled": {Effect.IMPROVING, Effect.RECOVERED},
}
RIGHT = {
    "all gone": {Effect.RECOVERED, Effect.IMPROVING},
    "nine tenths gone": {Effect.IMPROVING, Effect.RECOVERED},
    "half gone": {Effect.IMPROVING},
    "none gone": {Effect.NO_EFFECT},
    "doubled": {Effect.WORSE},
}


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Wrong answers ever given, answers within ten minutes and within half an hour, what happened by what happened."""
    del data, scratch
    chance = np.random.default_rng(20)
    cases = list(product(LEFT, RATES, SHARES, range(DRAWS)))
    said = [(happened, rate, looks(chance, happened, rate, share)) for happened, rate, share, _ in cases]
    stayed = [Effect.RECOVERED in given for happened, _, given in said if LEFT[happened] >= 0.5]
    note = f"{len(stayed)} actions, {LOOKS} looks each"
    yield Figure(
        "called recovered with half of the harm left or more", _share(stayed), limit=0.001, note=note
    )
    for happened in LEFT:
        wrong = [any(one in WRONG[happened] for one in given) for what, _, given in said if what == happened]
        yield Figure(
            f"{happened}: ever answered wrongly", _share(wrong), limit=0.1, note=f"{len(wrong)} actions"
        )
    for happened, rate, minutes in product(LEFT, RATES, (10, LOOKS)):
        right = [
            given[minutes - 1] in RIGHT[happened] for what, r, given in said if (what, r) == (happened, rate)
        ]
        yield Figure(f"{happened}, {rate:g} requests/s: answered rightly at {minutes} min", _share(right))


def looks(chance: np.random.Generator, happened: str, rate: float, share: float) -> list[Effect]:
    """What is said minute by minute after an action."""
    good = _tally(*_drawn(chance, rate, USUAL, 60))
    then = _drawn(chance, rate, share, int(chance.integers(5, 31)))
    left = USUAL + LEFT[happened] * (share - USUAL)
    events, of = _drawn(chance, rate, min(left, 0.95), LOOKS)
    before = _tally(*then)
    said = []
    for minute in range(1, LOOKS + 1):
        part = events[:minute], of[:minute]
        judged = share_effect(good, before, _tally(*part), waver=wavering(then, part))
        said.append(judged.effect if before.of else Effect.NO_DATA)
    return said


def _drawn(chance: np.random.Generator, rate: float, share: float, minutes: int) -> tuple[Floats, Floats]:
    """Events of so many minutes, each with a share of its own, and all there were."""
    of = chance.poisson(60 * rate, minutes)
    size = max((1 - share) / (share * SPREAD**2) - 1, 0.5)
    shares = chance.beta(share * size, (1 - share) * size, minutes)
    return chance.binomial(of, shares).astype(float), of.astype(float)


def _tally(events: Floats, of: Floats) -> Tally:
    return Tally(float(events.sum()), float(of.sum()), 60.0 * len(of))


def _share(ones: list[bool]) -> float:
    return sum(ones) / len(ones)
