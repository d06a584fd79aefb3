"""Failures that came late and are few are reported, with how many more requests would decide."""

from datetime import timedelta

import numpy as np

from lastgood.readings.doubts.few import few
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World


def said(store: Store, places: list[int], *, requests: int = 222, users: bool = False) -> str:
    """What is said where the requests of these places fail; empty when nothing is."""
    chance = np.random.default_rng(1)
    made = World(
        seconds=3600, attributes=lambda i, _t, _f: {"user.id": "u1" if i in places else f"u{i}"} if users else {}
    )  # fmt: skip
    kept = np.sort(chance.choice(len(made.times), requests, replace=False))
    made.times, made.duration = made.times[kept], made.duration[kept]
    made.failed = np.isin(np.arange(requests), places)
    made.store_spans(store)
    case, _ = investigate(store, now=START + timedelta(hours=1), only="onset")
    finding = few(case)
    assert finding is None or finding.outage is None
    return finding.because if finding else ""


def test_four_of_fifty_against_none(store: Store) -> None:
    """Both counts, the start, and the requests that are needed."""
    because = said(store, [172, 190, 205, 221])

    assert because.startswith("4 of 50 requests failed since 14:")
    assert "0 of 172 before" in because
    assert "more requests are needed" in because


def test_failures_all_along_are_chance(store: Store) -> None:
    """Nothing is said of as many failures that are spread out."""
    assert "" == said(store, [20, 90, 150, 210])


def test_two_failures_are_too_few_to_speak_of(store: Store) -> None:
    """Nothing is said of the last two."""
    assert "" == said(store, [220, 221])


def test_one_user_is_not_the_system(store: Store) -> None:
    """Nothing is said where one of many users has them all."""
    assert "" == said(store, [172, 190, 205, 221], users=True)
