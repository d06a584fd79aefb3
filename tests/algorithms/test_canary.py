"""Several comparisons as one gate. How often it is wrong on many canaries: bench/canary."""

import numpy as np
import pytest

from lastgood.algorithms.always_valid import Counts
from lastgood.algorithms.canary import FALSE_FAIL, Seen, decide
from lastgood.model.canary import Measure, Outcome


def counts(baseline: float, canary: float, of: int = 200, blocks: int = 60, seed: int = 1) -> Counts:
    """One stratum."""
    chance = np.random.default_rng(seed)
    sizes, zero = np.full((blocks, 1), of), np.zeros(1)
    a, b = (chance.binomial(sizes, share).astype(float) for share in (baseline, canary))
    return Counts(a, sizes.astype(float), b, sizes.astype(float), zero, zero)


def test_a_pass_needs_every_larger_part_to_be_shown() -> None:
    """A small segment is not waited for, a large one is."""
    fine = {(Measure.FAILURES, ""): counts(0.01, 0.01), (Measure.SLOW, ""): counts(0.05, 0.05)}
    small = {**fine, (Measure.FAILURES, "plan=rare"): counts(0.01, 0.01, of=2)}
    late = {**fine, (Measure.FAILURES, "plan=free"): counts(0.3, 0.34, of=11)}

    assert Outcome.PASS is decide(fine, [], 10, 0.01).outcome
    assert Outcome.PASS is decide(small, [], 10, 0.01).outcome
    assert Outcome.INCONCLUSIVE is decide(late, [], 10, 0.01).outcome


def test_one_bad_segment_fails_all() -> None:
    """With when it was seen."""
    bad = {(Measure.FAILURES, ""): counts(0.01, 0.01), (Measure.FAILURES, "plan=free"): counts(0.01, 0.2)}
    decided = decide(bad, [], 10, 0.01)

    assert Outcome.FAIL is decided.outcome
    assert [("plan=free", True)] == [
        (one.where, (one.failed_after or 0) > 0) for one in decided.checks if one.failed_after
    ]


@pytest.mark.parametrize("where", ["", "plan=free"])
def test_what_fails_does_not_pass(where: str) -> None:
    """Also where it is worse by less than the margin, or where a pass does not need it."""
    little = counts(0.001, 0.006, of=2000)
    all_of = {(Measure.FAILURES, ""): counts(0.01, 0.01), (Measure.FAILURES, where): little}
    slow = {**all_of, (Measure.SLOW, "plan=free"): counts(0.05, 0.2)}
    decided = decide(slow, [Seen("shop: x", 30, 0)], 10, 0.01)
    failed = [one for one in decided.checks if one.failed_after is not None]

    assert {(Measure.FAILURES, where), (Measure.SLOW, "plan=free"), (Measure.LOGS, "shop: x")} == {
        (one.measure, one.where) for one in failed
    }
    assert [False] * 3 == [one.passed for one in failed]
    assert Outcome.FAIL is decided.outcome


@pytest.mark.parametrize("of", [0, 1])
def test_no_data_is_no_pass(of: int) -> None:
    """Whatever is compared; with how many requests it takes."""
    decided = decide({(Measure.FAILURES, ""): counts(0.0, 0.0, of=of, blocks=5)}, [], 10, 0.01)

    assert Outcome.INCONCLUSIVE is decided.outcome
    assert (decided.needed_requests or 0) > 100
    assert (decided.needed_seconds is None) is (of == 0)
    assert Outcome.INCONCLUSIVE is decide({}, [], 10, 0.01).outcome


def test_a_line_of_the_canary_alone_fails_it_when_it_is_no_chance() -> None:
    """Once is chance; a line of both sides is none of the canary's."""
    whole = {(Measure.FAILURES, ""): counts(0.01, 0.01)}
    said = [
        decide(whole, [Seen("shop: x", many, other)], 10, 0.01).outcome
        for many, other in ((1, 0), (30, 0), (30, 1))
    ]

    assert [Outcome.PASS, Outcome.FAIL, Outcome.PASS] == said


def test_all_parts_together_keep_the_chance_of_a_false_alarm() -> None:
    """Thresholds of all checks, as chances, add up to no more than it."""
    every = {
        (m, w): counts(0.01, 0.01) for m in (Measure.FAILURES, Measure.SLOW) for w in ("", "a", "b", "c")
    }
    decided = decide(every, [Seen(f"p{n}", 1, 0) for n in range(5)], 10, 0.01)

    assert sum(np.exp(-one.threshold) for one in decided.checks) <= FALSE_FAIL + 1e-12
