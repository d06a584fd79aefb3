"""Metrics are read by what their names and units mean."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from lastgood.algorithms.metric_meaning import Role
from lastgood.model.window import Comparison, Window
from lastgood.readings.levels import changes, levels, sides
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, store_gauge

TIMES = np.arange(0, 1800, 15.0)


def test_a_resource_is_read_and_the_unknown_left_out(store: Store) -> None:
    """With a value per bucket that has one."""
    store_gauge(store, "shop", "process.cpu.utilization", "1", [(t, 0.5) for t in TIMES])
    store_gauge(store, "shop", "orders.colour", "1", [(t, 0.5) for t in TIMES])
    case, _ = investigate(store, now=START, only="onset")

    (level,) = levels(case)

    assert ("process.cpu.utilization", Role.RESOURCE) == (level.metric, level.meant.role)
    assert len(TIMES) == np.isfinite(level.series.observed).sum()
    assert {0.5} == set(level.series.observed[np.isfinite(level.series.observed)])


def test_counts_of_failures_are_symptoms(store: Store) -> None:
    """Whatever their unit."""
    store_gauge(store, "shop", "checkout_errors", "1", [(t, 3.0) for t in TIMES])
    case, _ = investigate(store, now=START, only="onset")

    (level,) = levels(case)

    assert "errors" == level.meant.kind
    assert level.series.rise


def test_a_metric_is_compared_with_its_past(store: Store) -> None:
    """Sides by time, medians, and the interval of the difference around it."""
    points = [(t, (0.2 if t < 900 else 0.9) + t % 2 * 0.01) for t in np.arange(0, 1800, 15.0)]
    store_gauge(store, "shop", "process.cpu.utilization", "1", points)
    middle = START + timedelta(seconds=900)
    given = Comparison(
        Window(START + timedelta(seconds=600), middle), Window(middle, START + timedelta(hours=1)), given=True
    )
    case, _ = investigate(store, now=START, only="onset", comparison=given)

    (level,) = levels(case)
    (change,) = changes(case, given)

    assert [20, 60] == [len(side) for side in sides(level, given)]
    assert change.up
    assert not change.down
    assert change.low < 0.7 < change.high


def test_what_comes_at_the_same_hour_of_other_days_is_no_rise(store: Store) -> None:
    """Three nights alike; the third is above what is usual, and as the others were."""
    hours = np.arange(0, 49 * 3600, 300.0)
    night = [(t, 0.9 if t % 86_400 < 3600 else 0.2) for t in hours]
    store_gauge(store, "shop", "process.cpu.utilization", "1", night)
    last = START + timedelta(days=2)
    comparison = Comparison(Window(START, last), Window(last, last + timedelta(hours=1)), given=True)
    case, _ = investigate(store, now=last + timedelta(hours=1), only="onset", comparison=comparison)

    (found,) = changes(case, comparison)

    assert 0.9 == max(found.at_this_hour)
    assert not found.up
    assert replace(found, at_this_hour=()).up
