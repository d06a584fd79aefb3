"""The first bad commit by a flaky test, against `git bisect run` with fixed repeats: who is right, and in how many runs.

Seeded histories of 15 to 1000 commits; a good commit fails, and a bad one passes, with a chance of 0 to 40 %, which is not known. `git bisect run`
repeats each commit a fixed number of times and takes the majority: the smallest odd number with which it is right in 95 % of these histories. A person
who does not know the rate needs the number of the worst one: each rate is held against that. It is also held against the number for the rate
itself, as if it were known. A test that is never wrong leaves nothing to save there: to run both ends, to halve, and to run both sides of the
answer twice more takes 14 runs on average where a search that trusts each run takes 7.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np
from bench.figures import Figure

from lastgood.algorithms.bisection import Outcomes, believed, gains, needed

NEEDS = ""
FLAKES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)
HISTORIES = 60  # of each
SIZES, SHORT = (15, 1000), (4, 8)  # commits, the second not included
SHORT_HISTORIES = 600  # cheap, and a share near 95 % needs many
HARDLY, SOME, USUAL_MOST = (
    (0.4, 0.45, 0.5),
    64,
    500,
)  # flake; commits, not included; runs that the command makes at most
HARDLY_HISTORIES = 200
FIXED_HISTORIES = 2000  # of fixed repeats: with few, the first number that is right by luck would be taken
CERTAINTY = 0.98
MOST = 3000  # runs


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Right answers and runs, by flake rate; with a good prior and with a wrong one."""
    del data, scratch
    every: list[tuple[bool, int]] = []
    needed = {flake: fixed(flake) for flake in FLAKES}
    worst = max(repeats for repeats, _ in needed.values())
    for flake in FLAKES:
        found = [search(np.random.default_rng(seed), flake) for seed in range(HISTORIES)]
        every += found
        if not flake:
            known = [search(np.random.default_rng(seed), flake, known=True) for seed in range(HISTORIES)]
            yield Figure("flake 0, and known (--flake 0): right", right(known), limit=0.95, better="more")
            yield Figure(
                "flake 0, and known: runs, of those of 1 fixed repeat", mean_runs(known) / needed[flake][1]
            )
        runs = mean_runs(found)
        repeats, theirs = needed[flake]
        yield Figure(
            f"flake {flake:g}: right",
            right(found),
            limit=0.95,
            better="more",
            note=f"{HISTORIES} histories, {runs:.0f} runs on average",
        )
        yield Figure(
            f"flake {flake:g}: runs, of those of {worst} fixed repeats: the rate is not known",
            runs / (theirs / repeats * worst),
            limit=0.6,
        )
        yield Figure(
            f"flake {flake:g}: runs, of those of {repeats} fixed repeats: the rate is known",
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
    short = [search(np.random.default_rng(seed), 0.4, sizes=SHORT) for seed in range(SHORT_HISTORIES)]
    yield Figure(
        f"flake 0.4, {SHORT[0]} to {SHORT[1] - 1} commits: right",
        right(short),
        limit=0.95,
        better="more",
        note=f"{SHORT_HISTORIES} histories, {mean_runs(short):.0f} runs on average",
    )
    yield from hardly()
    yield Figure("right, over all", right(every), limit=0.95, better="more", note=f"{len(every)} histories")
    for name in ("good", "wrong"):
        found = [search(np.random.default_rng(seed), 0.1, prior=name) for seed in range(HISTORIES)]
        plain = [search(np.random.default_rng(seed), 0.1) for seed in range(HISTORIES)]
        yield Figure(f"{name} prior: right", right(found), limit=0.95, better="more")
        yield Figure(
            f"{name} prior: runs, of those without",
            float(np.sum([n for _, n in found]) / np.sum([n for _, n in plain])),
        )


def hardly() -> Iterator[Figure]:
    """Tests that hardly tell commits apart: how many histories are named within the usual runs, and of those how many right."""
    for flake in HARDLY:
        sizes = (SHORT[0], SOME)
        found = [
            search(np.random.default_rng(seed), flake, sizes=sizes, most=USUAL_MOST)
            for seed in range(HARDLY_HISTORIES)
        ]
        named = [one for one in found if one[1] < USUAL_MOST]
        tells = flake < 0.5
        yield Figure(
            f"flake {flake:g}, {sizes[0]} to {sizes[1] - 1} commits, {USUAL_MOST} runs: {'right of those named' if tells else 'named'}",
            right(named) if tells else len(named) / len(found),
            limit=0.95 if tells else 0.01,
            better="more" if tells else "less",
            note=f"{len(named)} of {len(found)} named",
        )


def right(found: Sequence[tuple[bool, int]]) -> float:
    """The share of right answers."""
    return float(np.mean([one for one, _ in found]))


def mean_runs(found: Sequence[tuple[bool, int]]) -> float:
    """How many runs it took, on average."""
    return float(np.mean([n for _, n in found]))


def history(
    chance: np.random.Generator, flake: float, side: str = "", sizes: tuple[int, int] = SIZES
) -> tuple[int, int, Callable[[int], bool]]:
    """The number of commits, the first bad one, and a test that says whether a commit fails; flaky on both sides, or one."""
    size = int(np.exp(chance.uniform(np.log(sizes[0]), np.log(sizes[1]))))
    first = int(chance.integers(1, size))
    sure = {"good": True, "bad": False}.get(side)  # whether the commits are bad on which it is never wrong
    return (
        size,
        first,
        lambda n: bool((n >= first) != (chance.uniform() < flake and (n >= first) is not sure)),
    )


def search(  # noqa: PLR0913 - a history and a search, each part with a default
    chance: np.random.Generator,
    flake: float,
    *,
    prior: str = "",
    side: str = "",
    known: bool = False,
    sizes: tuple[int, int] = SIZES,
    most: int = MOST,
) -> tuple[bool, int]:
    """Whether it was found, and in how many runs; both ends are run once first, as `lastgood bisect` does."""
    size, first, fails = history(chance, flake, side, sizes)
    tests = Outcomes(np.zeros(size), np.zeros(size), np.zeros(size, bool))
    given: list[float] | None = None
    if prior:
        given = [1.0] * size
        given[first if prior == "good" else (first + size // 2) % (size - 1) + 1] = size
    todo, belief = [0, size - 1], believed(tests, given, flake if known else None)
    for runs in range(most):
        n = todo.pop() if todo else int(np.argmax(gains(belief, tests)))
        (tests.failed if fails(n) else tests.passed)[n] += 1
        belief = believed(tests, given, flake if known else None)
        if not todo and belief.certainty >= needed(CERTAINTY, tests, belief, flake if known else None):
            return belief.best == (first,), runs + 1
    return False, most


def fixed(flake: float) -> tuple[int, float]:
    """The smallest odd number of repeats with which a plain bisection is right in 95 %, and its runs on average."""
    for repeats in count(1, 2):
        found = [plain(np.random.default_rng(seed), flake, repeats) for seed in range(FIXED_HISTORIES)]
        if right(found) >= 0.95:
            return repeats, mean_runs(found)
    raise AssertionError


def plain(chance: np.random.Generator, flake: float, repeats: int) -> tuple[bool, int]:
    """`git bisect run` with a script that repeats the test and takes the majority."""
    size, first, _ = history(chance, flake)
    low, high, runs = 0, size - 1, 0
    while high - low > 1:
        middle = (low + high) // 2
        runs += repeats
        bad = chance.binomial(repeats, 1 - flake if middle >= first else flake) * 2 > repeats
        low, high = (low, middle) if bad else (middle, high)
    return high == first, runs
