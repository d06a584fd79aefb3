"""The cache is charged, not what lies behind it."""

from math import exp
from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.culprit.lost_caches import cache_suspicions
from lastgood.inspections.culprit.weights import CACHE_LOST, CACHE_LOST_SCALE
from lastgood.model.answers import Culprits
from lastgood.workbench.store import Store
from reported import asked

WORLD = """
scenario  a cache is emptied, and the shop behind it is flooded
seed      9
time      2026-11-20 10:00 .. 10:30
logs      edge info "GET /page {int}" rate=6/s url.path=/page http.response.status_code=200 cache.status=HIT:92%,MISS:8% lg.duration_ns=4000000 then cache.status=HIT:30%,MISS:70% http.response.status_code=200:70%,503:30% at 10:20
logs      shop error "no worker left" rate=0.1/min then rate=60/min at 10:20:10
"""


def test_the_cache_comes_before_what_it_floods(store: Store, tmp_path: Path) -> None:
    """By what it answered before, and answers now."""
    answer = asked(store, tmp_path, WORLD, "culprit", 20).answer

    assert isinstance(answer, Culprits)
    first = answer.ranked[0]
    assert ("edge", "cache", "cache") == (first.service, first.kind, first.component)
    assert "of good requests" in first.because


def test_the_more_it_lets_through_the_stronger(store: Store, tmp_path: Path) -> None:
    """0.63 of the row where it lets through so many times more."""
    (found,) = cache_suspicions(case_of(store, reported(store, tmp_path, WORLD, 20))).found

    assert pytest.approx(CACHE_LOST * (1 - exp(-(found.damage - 1) / CACHE_LOST_SCALE))) == found.strength
