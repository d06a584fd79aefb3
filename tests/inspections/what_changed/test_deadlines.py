"""A caller's limit: calls that all end after one time, while longer ones were answered before."""

from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import change, tips
from lastgood.inspections.what_changed.deadlines import GivenUp, given_up, giving_up, read_given_up
from lastgood.inspections.what_changed.weights import (
    CUT_CALLS,
    CUT_SAME,
    CUT_USED_LONGER,
    GIVES_UP,
    LIMIT_EQUAL,
    SETS_LIMIT,
)
from lastgood.model.judgement import Reason
from lastgood.workbench.store import Store

ONE = {"quotes": GivenUp("carrier.example", 0.25, 0.9)}
WORLD = """
scenario  a caller gives its calls up
seed      5
time      2026-11-20 10:00 .. 10:10
spans     quotes "GET /quote"  rate=2/s latency=8ms
call      quotes "GET /quote" -> carrier.example Rates external latency=400ms spread=0.5 {bad}
"""


def of(title: str, parties: set[str], version: str = "") -> list[Reason]:
    """The reasons of a flag."""
    return giving_up(change("f", "flag", 1, title=title, version=version), parties, ONE)


def test_a_change_of_the_caller_or_of_nobody_is_for_it() -> None:
    """One of another service is not."""
    assert tips(of("cache", {"quotes"}), GIVES_UP)
    assert tips(of("cache", set()), GIVES_UP)
    assert [] == of("cache", {"carrier"})
    assert [] == giving_up(change("t", "third_party", 1), set(), ONE)


@pytest.mark.parametrize(
    ("title", "version", "says"),
    [
        ("deadline 900 to 250", "", True), ("deadline 0.25 s", "", True), ("deadline", "250", True),
        ("deadline 250 s", "", False), ("rollout to 250%", "", False), ("v1.250", "", False),
        (f"deadline {250 * (1 + LIMIT_EQUAL) - 0.1:.1f} ms", "", True), (f"deadline {250 * (1 + LIMIT_EQUAL) + 0.1:.1f} ms", "", False),
    ],
)  # fmt: skip
def test_the_number_that_it_sets_is_an_exact_match(title: str, version: str, *, says: bool) -> None:
    """In milliseconds unless it says otherwise; a share or a part of a version is no time."""
    assert says == (SETS_LIMIT in [reason.row for reason in of(title, set(), version)])


@pytest.mark.parametrize(
    ("bad", "there"),
    [
        ("timeout=5s then timeout=250ms at 10:05", True),  # the caller's new limit
        ("timeout=900ms then timeout=900ms latency=4s at 10:05", False),  # the peer is slower
        ("errors=0% then errors=40% error=timeout at 10:05", False),  # they end at any time
    ],
)
def test_a_limit_is_not_a_slow_peer(store: Store, tmp_path: Path, bad: str, *, there: bool) -> None:
    """By the one time after which calls end, and by what was answered before."""
    found = read_given_up(case_of(store, reported(store, tmp_path, WORLD.format(bad=bad), 5)))

    assert there == ("quotes" in found)
    if there:
        assert ("carrier.example", True) == (found["quotes"].peer, abs(found["quotes"].limit - 0.25) < 0.01)
        assert found["quotes"].usual > 0.6


@pytest.mark.parametrize(
    ("row", "there"),
    [
        ({}, True),
        ({"low": 1e8, "high": CUT_SAME * 1e8, "usual": 1e9 * CUT_USED_LONGER}, True),
        ({"usual": 0.25e9 * CUT_USED_LONGER}, True),
        ({"cut": CUT_CALLS - 1}, False),
        ({"low": 0.25e9 / (CUT_SAME + 0.01)}, False),
        ({"usual": 0.25e9 * (CUT_USED_LONGER - 0.01)}, False),
    ],
)
def test_what_a_limit_takes(row: dict[str, float], *, there: bool) -> None:
    """Enough calls, at one time, below what was usual: each at its edge."""
    edge = {
        "service": "quotes", "peer": "carrier.example", "cut": CUT_CALLS, "high": 0.25e9, "low": 0.25e9 / (CUT_SAME - 0.001),
        "usual": 0.25e9 * (CUT_USED_LONGER + 0.001),
    }  # fmt: skip

    assert there == bool(given_up([{**edge, **row}]))
