"""A gate on drawn canaries: how often a good one fails, how soon a bad one does, and whether it passes without data.

Each draw has its own traffic (2 to 60 requests/s), share of the canary, usual share of failures, operations with different shares, and mixes of traffic
that drift. A canary is equal, fails two points more at 20 requests/s of each side, fails for one plan of four only, is slower, or has no data.
Resources are drawn apart. `lastgood.algorithms.canary` is asked after every 30 s for ten minutes: an outcome counts if it was ever given.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.figures import Figure

from lastgood.algorithms.always_valid import Counts
from lastgood.algorithms.canary import Compared, Gauge, decide
from lastgood.inspections.canary.gauges import WARMING, exceeds
from lastgood.model.canary import Measure, Outcome

NEEDS = ""
STEP, BLOCKS = 10.0, 60
LOOK = 3  # blocks between two looks
OPERATIONS, PLANS = 4, 4
EQUAL, WORSE = 1400, 170  # draws of each kind: 2000 in all, of which three kinds are worse
NOTHING = 90
METRICS = 5


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Shares of outcomes by kind of canary, and times to an outcome."""
    del data, scratch
    chance = np.random.default_rng(17)
    equal = [outcome(chance, Drawn()) for _ in range(EQUAL)]
    note = f"{EQUAL} canaries, looked at every {LOOK * STEP:g} s for 10 min, 10 comparisons each"
    yield Figure("equal canary ever failed", share(equal, Outcome.FAIL), limit=0.01, note=note)
    yield Figure("equal canary passed within 10 min", share(equal, Outcome.PASS), note=note)
    two = [outcome(chance, Drawn(20, 0.01, lift=0.02)) for _ in range(WORSE)]
    soon = [time if found is Outcome.FAIL else np.inf for found, time in two]
    yield Figure(
        "+2 points at 20 requests/s failed within 5 min",
        float(np.mean(np.array(soon) <= 300)),
        limit=0.95,
        better="more",
        note=f"{WORSE} canaries",
    )
    yield Figure("+2 points: median time to fail", float(np.median(soon)), "s", limit=300)
    yield Figure("+2 points passed", share(two, Outcome.PASS), limit=0.05)
    for what, drawn in (
        ("+20 points for one plan of four", Drawn(20, 0.01, plan_lift=0.2)),
        ("10 points more slow requests", Drawn(20, 0.01, slow_lift=0.1)),
    ):
        ended = [outcome(chance, drawn) for _ in range(WORSE)]
        yield Figure(
            f"{what} failed within 10 min",
            share(ended, Outcome.FAIL),
            limit=0.95,
            better="more",
            note=f"{WORSE} canaries",
        )
    yield from resources(chance)
    empty = [
        outcome(chance, Drawn(missing=side))
        for side in ("canary", "baseline", "both")
        for _ in range(NOTHING // 3)
    ]
    yield Figure("passed without data", share(empty, Outcome.PASS), limit=0, note=f"{NOTHING} canaries")
    yield Figure("failed without data", share(empty, Outcome.FAIL), limit=0, note=f"{NOTHING} canaries")


def resources(chance: np.random.Generator) -> Iterator[Figure]:
    """CPU and memory of five metrics: how often an equal canary ever fails, and one that uses more."""
    equal = [gauges(chance, 1.0) for _ in range(EQUAL)]
    note = f"{EQUAL} canaries, {METRICS} metrics each; instances differ by 8 %, values depend on those before"
    failed = [decide({}, [], STEP, 0.01, found).outcome is Outcome.FAIL for found in equal]
    yield Figure("resources: equal canary ever failed", float(np.mean(failed)), limit=0.01, note=note)
    for times, least in ((1.5, None), (2.0, 0.95)):
        more = [decide({}, [], STEP, 0.01, gauges(chance, times)) for _ in range(WORSE)]
        soon = [min((one.failed_after or np.inf) for one in found.checks) for found in more]
        yield Figure(
            f"resources: {times:g} times one of them failed within 10 min", float(np.mean(np.array(soon) <= 600)),
            limit=least, better="more", note=f"{WORSE} canaries, {np.median(soon):.0f} s in the median",
        )  # fmt: skip


def gauges(chance: np.random.Generator, times: float) -> list[Gauge]:
    """Metrics of 1 to 3 canary instances and 2 to 8 others, every 15 s for ten minutes; the first is so many times as much."""
    found = []
    for metric in range(METRICS):
        sides = []
        for many in (chance.integers(1, 4), chance.integers(2, 9)):
            noise = np.zeros((40, many))
            for n in range(1, 40):
                noise[n] = 0.8 * noise[n - 1] + chance.normal(0, 0.06, many)
            sides.append((1 + noise) * chance.normal(1, 0.08, many))
        canary, baseline = sides[0] * (times if metric == 0 else 1.0), sides[1]
        above = tuple(exceeds(one, other, 0.0) for one, other in zip(canary, baseline, strict=True))
        ends = tuple(float(WARMING + 15 * (n + 1)) for n in range(40))
        found.append(Gauge(str(metric), "", above, ends, 0.0, 0.0))
    return found


def share(said: list[tuple[Outcome, float]], wanted: Outcome) -> float:
    """How many came to an outcome."""
    return float(np.mean([found is wanted for found, _ in said]))


@dataclass(frozen=True)
class Drawn:
    """What a canary is drawn with; what is 0 is drawn too."""

    rate: float = 0  # requests a second of each side
    usual: float = 0  # share of failures
    lift: float = 0  # of the canary, for all
    plan_lift: float = 0  # for one plan
    slow_lift: float = 0
    missing: str = ""  # the side that has no requests


def outcome(chance: np.random.Generator, how: Drawn) -> tuple[Outcome, float]:
    """The first outcome that is given, and after how many seconds."""
    part = 0.5 if how.rate else chance.choice([0.05, 0.1, 0.5])
    rate = 2 * how.rate or chance.uniform(2, 60)
    bad = np.clip(
        (how.usual or chance.choice([0.0, 0.001, 0.01, 0.05])) * chance.uniform(0.3, 2, OPERATIONS), 0, 1
    )
    compared = drawn(chance, rate, part, bad, how)
    whole = decide(compared, [], STEP, 0.01)
    failed = min((one.failed_after for one in whole.checks if one.failed_after is not None), default=np.inf)
    # What has passed stays so, as evidence is the largest so far: the first look with a pass is found by halving.
    looks = range(LOOK, BLOCKS + 1, LOOK)
    passed = bisect_left(looks, 1, key=lambda end: int(passes(compared, end)))
    at = looks[passed] * STEP if passed < len(looks) else np.inf
    if min(failed, at) == np.inf:
        return Outcome.INCONCLUSIVE, BLOCKS * STEP
    return (Outcome.FAIL, failed) if failed <= at else (Outcome.PASS, at)


def passes(compared: Compared, end: int) -> bool:
    """Whether all that must pass does, with the first blocks."""
    said = decide({key: cut(counts, end) for key, counts in compared.items()}, [], STEP, 0.01)
    must = [one.passed for one in said.checks if one.passed is not None]
    return bool(must) and all(must)


def drawn(
    chance: np.random.Generator,
    rate: float,
    part: float,
    bad: np.ndarray,
    how: Drawn,
) -> dict[tuple[Measure, str], Counts]:
    """Counts of failures and slow requests of all and of each plan; the mix of operations drifts, and differs by side."""
    cells = {}
    for side, portion in (("baseline", 1 - part), ("canary", part)):
        mix = chance.dirichlet(np.full(OPERATIONS, 4.0)) * (
            1 + 0.5 * np.sin(np.arange(BLOCKS)[:, None] / 9 + np.arange(OPERATIONS))
        )
        traffic = 0 if how.missing in {side, "both"} else rate
        of = chance.poisson((traffic * portion * STEP * mix / PLANS)[:, :, None].repeat(PLANS, 2))
        more = how.lift + how.plan_lift * (np.arange(PLANS) == 0) if side == "canary" else np.zeros(PLANS)
        cells[side] = (
            of,
            chance.binomial(of, np.clip(bad[:, None] + more, 0, 1)),
            chance.binomial(of, 0.05 + (how.slow_lift if side == "canary" else 0)),
        )
    found = {}
    for measure, which in ((Measure.FAILURES, 1), (Measure.SLOW, 2)):
        for plan in (None, *range(PLANS)):
            part_of = [
                (cells[side][n].sum(2) if plan is None else cells[side][n][:, :, plan]).astype(float)
                for side in ("baseline", "canary")
                for n in (which, 0)
            ]
            zero = np.zeros(OPERATIONS)
            where = "" if plan is None else f"plan={plan}"
            found[measure, where] = Counts(part_of[0], part_of[1], part_of[2], part_of[3], zero, zero)
    return found


def cut(counts: Counts, end: int) -> Counts:
    """The first blocks."""
    return Counts(
        counts.baseline_bad[:end], counts.baseline_all[:end], counts.canary_bad[:end], counts.canary_all[:end], counts.before_bad, counts.before_all
    )  # fmt: skip
