"""The first bad commit by a flaky test, against `git bisect run` with fixed repeats: who is right, and in how many runs.

Seeded histories of 15 to 1000 commits; a good commit fails, and a bad one passes, with a chance of 0 to 40 %, which is not known. `git bisect run`
repeats each commit a fixed number of times and takes the majority: the smallest odd number with which it is right in 95 % of these histories. That
number is chosen for each rate, as if the rate were known; and for all rates together, as a person has to who does not know it. A test that is never
wrong leaves nothing to save: no search needs fewer runs than the plain one, and to find out that the test is not flaky takes some.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
from bench.figures import Figure

from lastgood.algorithms.bisection import Outcomes, believed, gains

NEEDS = ""
FLAKES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)
HISTORIES = 60  # of each
FIXED_HISTORIES = 2000  # of fixed repeats: with few, the first number that is right by luck would be taken
CERTAINTY = 0.98
MOST = 3000  # runs


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Right answers and runs, by flake rate; with a good prior and with a wrong one."""
    del data, scratch
    every: list[tuple[bool, int]] = []
    for flake in FLAKES:
        found = [search(np.random.default_rng(seed), flake) for seed in range(HISTORIES)]
        every += found
        if not flake:
            known = [search(np.random.default_rng(seed), flake, known=True) for seed in range(HISTORIES)]
            yield Figure("flake 0, and known (--flake 0): right", right(known), limit=0.95, better="more")
            yield Figure(
                "flake 0, and known: runs, of those of 1 fixed repeat", mean_runs(known) / fixed(flake)[1]
            )
        runs = mean_runs(found)
        repeats, theirs = fixed(flake)
        yield Figure(
            f"flake {flake:g}: right",
            right(found),
            limit=0.95,
            better="more",
            note=f"{HISTORIES} histories, {runs:.0f} runs on average",
        )
        yield Figure(
            f"flake {flake:g}: runs, of those of {repeats} fixed repeats",
            runs / theirs,
            limit=0.6 if flake else None,
        )
    for side in ("good", "bad"):
        found = [search(np.random.default_rng(seed), 0.2, side=side) for seed in range(HISTORIES)]
        runs = mean_runs(found)
        note = f"{HISTORIES} histories, {runs:.0f} runs on average"
        yield Figure(
            f"flake 0.2 of {side} commits only: right", right(found), limit=0.95, better="more", note=note
        )
    repeats, theirs = fixed(*FLAKES, histories=500)
    yield Figure(
        f"runs over all rates, of those of {repeats} fixed repeats", mean_runs(every) / theirs, limit=0.6
    )
    yield Figure("right, over all", right(every), limit=0.95, better="more", note=f"{len(every)} histories")
    for name in ("good", "wrong"):
        found = [search(np.random.default_rng(seed), 0.1, prior=name) for seed in range(HISTORIES)]
        plain = [search(np.random.default_rng(seed), 0.1) for seed in range(HISTORIES)]
        yield Figure(f"{name} prior: right", right(found), limit=0.95, better="more")
        yield Figure(
            f"{name} prior: runs, of those without",
            float(np.sum([n for _, n in found]) / np.sum([n for _, n in plain])),
        )


def right(found: Sequence[tuple[bool, int]]) -> float:
    """The share of right answers."""
    return float(np.mean([one for one, _ in found]))


def mean_runs(found: Sequence[tuple[bool, int]]) -> float:
    """How many runs it took, on average."""
    return float(np.mean([n for _, n in found]))


def history(
    chance: np.random.Generator, flake: float, side: str = ""
) -> tuple[int, int, Callable[[int], bool]]:
    """The number of commits, the first bad one, and a test that says whether a commit fails; flaky on both sides, or one."""
    size = int(np.exp(chance.uniform(np.log(15), np.log(1000))))
    first = int(chance.integers(1, size))
    sure = {"good": True, "bad": False}.get(side)  # whether the commits are bad on which it is never wrong
    return (
        size,
        first,
        lambda n: bool((n >= first) != (chance.uniform() < flake and (n >= first) is not sure)),
    )


def search(
    chance: np.random.Generator, flake: float, *, prior: str = "", side: str = "", known: bool = False
) -> tuple[bool, int]:
    """Whether it was found, and in how many runs; both ends are run once first, as `lastgood bisect` does."""
    size, first, fails = history(chance, flake, side)
    tests = Outcomes(np.zeros(size), np.zeros(size), np.zeros(size, bool))
    given: list[float] | None = None
    if prior:
        given = [1.0] * size
        given[first if prior == "good" else (first + size // 2) % (size - 1) + 1] = size
    todo, belief = [0, size - 1], believed(tests, given, flake if known else None)
    for runs in range(MOST):
        n = todo.pop() if todo else int(np.argmax(gains(belief, tests)))
        (tests.failed if fails(n) else tests.passed)[n] += 1
        belief = believed(tests, given, flake if known else None)
        if not todo and belief.certainty >= CERTAINTY:
            return belief.best == (first,), runs + 1
    return False, MOST


def fixed(*flakes: float, histories: int = FIXED_HISTORIES) -> tuple[int, float]:
    """The smallest odd number of repeats with which a plain bisection is right in 95 %, over all rates, and its runs on average."""
    for repeats in count(1, 2):
        found = [
            plain(np.random.default_rng(seed), flake, repeats)
            for flake in flakes
            for seed in range(histories)
        ]
        if right(found) >= 0.95:
            return repeats, mean_runs(found)
    raise AssertionError


def plain(chance: np.random.Generator, flake: float, repeats: int) -> tuple[bool, int]:
    """`git bisect run` with a script that repeats the test and takes the majority."""
    size, first, fails = history(chance, flake)
    low, high, runs = 0, size - 1, 0
    while high - low > 1:
        middle = (low + high) // 2
        runs += repeats
        bad = sum(fails(middle) for _ in range(repeats)) * 2 > repeats
        low, high = (low, middle) if bad else (middle, high)
    return high == first, runs
