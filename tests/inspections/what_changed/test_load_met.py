"""The load since a change, and whether it was first met at the onset."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import ONSET
from lastgood.inspections.what_changed.load_met import Load, read_load
from lastgood.inspections.what_changed.weights import LOAD_MORE, LOAD_NOW, LOAD_SINCE, LOAD_STEP
from lastgood.workbench.store import Store

WORLD = """scenario  a morning
time      2026-11-20 06:00 .. 08:00
seed      4

service   desk instances=d-1
spans     desk "GET /" rate=0.5/s latency=5ms then rate=1.5/s at 07:20
"""


def load(*counts: float) -> Load:
    """So many requests in each step, the last one before the onset."""
    steps = len(counts)
    return Load(tuple((ONSET - LOAD_STEP * (steps - n), int(count)) for n, count in enumerate(counts)))


def test_more_than_at_any_time_since_is_met_first() -> None:
    """By a tenth; what came before the change does not count, and a short wait is none."""
    before = [1000.0] * LOAD_SINCE
    most = 1000 * LOAD_MORE
    since = ONSET - LOAD_STEP * (len(before) + LOAD_NOW)

    assert load(*before, *[most] * LOAD_NOW).first_met(since)
    assert not load(*before, *[most - 1] * LOAD_NOW).first_met(since)
    assert load(5000, *before, *[most] * LOAD_NOW).first_met(since)
    assert not load(*before, *[most] * LOAD_NOW).first_met(since + timedelta(seconds=1))


@pytest.mark.parametrize(("minute", "met"), [(90, True), (60, False)])
def test_it_is_counted_until_the_onset(store: Store, tmp_path: Path, minute: int, met: bool) -> None:
    """In the requests of all who are asked."""
    given = reported(store, tmp_path, WORLD, minute)
    found = read_load(case_of(store, given), given.bad.start)

    assert met == found.first_met(given.good.start + timedelta(minutes=10))
    assert all(at < given.bad.start for at, _ in found.steps)
