"""What is counted over time, and from where."""

from datetime import timedelta

import numpy as np
import pyarrow as pa

from lastgood.inspections._registry import Case
from lastgood.inspections._series import (
    Grid,
    Symptom,
    Trust,
    call_series,
    grid_of,
    line_series,
    request_series,
    settled,
    span_series,
)
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World


def case_of(store: Store) -> Case:
    """The case over everything."""
    return investigate(store, now=START, only="onset")[0]


def test_requests_become_errors_latency_and_traffic(store: Store) -> None:
    """Every request is counted once in its bucket."""
    world = World(seconds=600, rate=4)
    world.store_spans(store)

    series = list(request_series(case_of(store)))

    by_symptom = {one.symptom: one for one in series}
    assert {Symptom.ERRORS, Symptom.LATENCY, Symptom.TRAFFIC, Symptom.FASTER} == set(by_symptom)
    assert len(world.times) == by_symptom[Symptom.TRAFFIC].observed.sum()
    assert world.failed.sum() == by_symptom[Symptom.ERRORS].observed.sum()
    assert len(world.times) == by_symptom[Symptom.LATENCY].exposure.sum()
    assert "shop GET /" == by_symptom[Symptom.ERRORS].place


def test_spans_are_trusted_less_than_requests(store: Store) -> None:
    """The same rows, as spans."""
    World(seconds=600, rate=4).store_spans(store)

    assert {Trust.SPANS} == {one.trust for one in span_series(case_of(store))}


def test_lines_become_errors_and_kinds(store: Store) -> None:
    """Error lines are counted as a rate, as a share, and per kind."""
    world = World(seconds=600, rate=4, errors=lambda t: 0.0 * t + 0.1)
    world.store_lines(store)

    series = list(line_series(case_of(store)))

    errors = [one for one in series if one.symptom is Symptom.ERROR_LINES]
    assert [False, True] == sorted(one.share for one in errors)
    assert {world.failed.sum()} == {one.observed.sum() for one in errors}
    (kind,) = [one for one in series if one.symptom is Symptom.ERROR_KIND]
    assert "connection reset" in kind.example


def test_a_grid_covers_what_a_signal_covers(store: Store) -> None:
    """The last bucket is cut short by the end; a signal without rows has none."""
    World(seconds=601, rate=4).store_spans(store)
    case = case_of(store)

    grid = grid_of(case, Signal.SPANS)

    assert grid is not None
    assert abs(grid.covered.sum() - grid.window.seconds) < 1e-6
    assert grid_of(case, Signal.LOGS) is None


def test_a_gap_is_unknown_rather_than_silent() -> None:
    """A bucket in a gap is none, nor is one of which a gap leaves less than half; what follows keeps its time."""
    window = Window(START, START + timedelta(seconds=60))
    gap = Window(START + timedelta(seconds=18), START + timedelta(seconds=40))

    grid = Grid(window, 10, (gap,))
    assert [10, 8, 10, 10] == grid.covered.tolist()
    assert [(0, 2), (2, 4)] == grid.stretches
    assert gap.end == grid.begin(2)
    assert START + timedelta(seconds=20) == grid.known_before(2)
    assert [0, -1, 2] == grid.places(np.array([0, 2, 4])).tolist()


def test_captures_begin_and_end_with_parts_of_requests() -> None:
    """What comes within a request's usual length of the begin, and what follows the last entry are left out."""
    grid = Grid(Window(START, START + timedelta(seconds=100)), 1)
    entered = pa.table({"bucket": list(range(5, 90)), "n": [3] * 85, "long": [2e9] * 85})

    usable = settled(entered, grid)

    assert list(range(7, 90)) == np.flatnonzero(usable).tolist()


def test_calls_are_counted_per_request(store: Store) -> None:
    """Each request is one call of its own entry, in both directions."""
    World(seconds=600, rate=4).store_spans(store)

    more, fewer = sorted(call_series(case_of(store)), key=lambda one: not one.rise)

    assert (True, False) == (more.rise, fewer.rise)
    assert more.observed.sum() == more.exposure.sum() > 0
