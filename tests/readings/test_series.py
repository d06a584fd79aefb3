"""What is counted over time, and from where."""

from datetime import timedelta

import numpy as np
import pyarrow as pa

from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid
from lastgood.readings.series import (
    Symptom,
    Trust,
    call_series,
    line_series,
    request_series,
    settled,
    span_series,
)
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


def test_captures_begin_and_end_with_parts_of_requests() -> None:
    """What comes within a request's usual length of the begin, and what follows the last entry are left out."""
    grid = Grid(Window(START, START + timedelta(seconds=100)), 1)
    longer_than_a_second = 122  # the bin of 1.3 to 1.5 s
    requests = pa.table({"bucket": list(range(5, 90)), "n": [3] * 85, "bin": [longer_than_a_second] * 85})

    usable = settled(requests, grid)

    assert list(range(7, 90)) == np.flatnonzero(usable).tolist()


def test_calls_are_counted_per_request(store: Store) -> None:
    """Each request is one call of its own entry, in both directions."""
    World(seconds=600, rate=4).store_spans(store)

    more, fewer = sorted(call_series(case_of(store)), key=lambda one: not one.rise)

    assert (True, False) == (more.rise, fewer.rise)
    assert more.observed.sum() == more.exposure.sum() > 0


def test_warnings_are_milder_than_errors(store: Store) -> None:
    """Their rate and their kinds; a kind with one error in it is not."""
    World(seconds=600, rate=4, errors=lambda t: 0.0 * t + 0.1).store_lines(store)

    mild = {one.symptom for one in line_series(case_of(store)) if one.mild}

    assert mild <= {Symptom.WARNINGS, Symptom.ERROR_KIND}
    assert not any(one.mild for one in line_series(case_of(store)) if one.symptom is Symptom.ERROR_LINES)
