"""Caches that answer less than they did, by the outcome that stands on each request."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.readings.caches import CACHE_LETS_THROUGH, CACHE_REQUESTS, emptied_caches
from lastgood.workbench.store import Store

WORLD = """scenario  a cache before pictures
time      2026-11-20 10:00 .. 10:40
seed      4

service   edge instances=e-1
spans     edge "GET /p" rate=2/s latency=5ms {name}=HIT:90%,MISS:10% then {name}={now} {more} at 10:20
"""


def lost(
    store: Store, folder: Path, now: str, more: str = "", name: str = "cache.status"
) -> list[tuple[str, bool, bool]]:
    """The caches that lost what they held: whose, whether it lets through much more, and whether much more arrives."""
    given = reported(store, folder, WORLD.format(now=now, more=more, name=name), 20)
    found, _ = emptied_caches(case_of(store, given))
    return [
        (one.service, one.through >= CACHE_LETS_THROUGH, one.busier >= CACHE_LETS_THROUGH) for one in found
    ]


@pytest.mark.parametrize(
    ("now", "emptied"),
    [
        ("HIT:30%,MISS:70%", True),
        ("HIT-CLUSTER:40%,MISS:60%", True),
        ("HIT:89%,MISS:11%", False),
        ("HIT:97%,MISS:3%", False),
    ],
)
def test_a_cache_that_answers_a_smaller_share_lost_what_it_held(
    store: Store, tmp_path: Path, now: str, emptied: bool
) -> None:
    """While as many requests arrive as before."""
    assert ([("edge", True, False)] if emptied else []) == lost(store, tmp_path, now)


def test_more_requests_are_told_apart_from_more_misses(store: Store, tmp_path: Path) -> None:
    """Both may be."""
    assert [("edge", True, True)] == lost(store, tmp_path, "HIT:30%,MISS:70%", "rate=6/s")


def test_misses_that_fail_are_no_loss_of_the_cache(store: Store, tmp_path: Path) -> None:
    """An error is seldom kept: the origin fails, and what succeeds is found as often."""
    assert [] == lost(store, tmp_path, "HIT:45%,MISS:55%", "errors=100% where cache.status=MISS")


def test_a_field_that_says_something_else_is_no_cache(store: Store, tmp_path: Path) -> None:
    """All of its values have to be outcomes, and both of them have to be met."""
    assert [] == lost(store, tmp_path, "HIT:30%,upsell:70%", name="banner")


@pytest.mark.parametrize(("fewer", "known"), [(1.3, True), (0.8, False)])
def test_of_few_requests_nothing_is_said(store: Store, tmp_path: Path, fewer: float, known: bool) -> None:
    """The interval of a share is wide."""
    text = WORLD.replace("rate=2/s", f"rate={CACHE_REQUESTS * fewer / 20}/min")
    given = reported(store, tmp_path, text.format(now="HIT:1%,MISS:99%", more="", name="cache.status"), 20)

    assert known == bool(emptied_caches(case_of(store, given))[0])
