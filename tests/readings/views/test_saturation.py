"""The resource that is drawn as saturation."""

from datetime import timedelta

import pytest

from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.saturation import FULL_FEWEST, FULL_GAP, fullest, used_over_time
from lastgood.telemetry.reader import Reader
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from records import START
from senders import gauge

HALF, END = START + timedelta(minutes=20), START + timedelta(minutes=30)
WHOLE, STEP = Window(START, END), timedelta(seconds=15)
COMPARISON = Comparison(Window(START, HALF), Window(HALF, END))


def kept(
    store: Store, service: str, metric: str, unit: str, good: float, bad: float, *, upto: int = 120
) -> Reader:
    """A gauge with a value in each bucket, `good` for twenty minutes, then `bad`."""
    points = [(at, good if at < HALF else bad) for at in (START + n * STEP for n in range(upto))]
    receive(store.engine, [Body(Signal.METRICS, gauge(service, metric, unit, points), as_json=True)])
    return store.survey()[1]


def test_the_one_that_rose_most_is_drawn_as_a_share(store: Store) -> None:
    """In floors of its kind: 30 points of processor are more than a few bytes; percent are shares too."""
    kept(store, "web", "process.cpu.utilization", "1", 0.5, 0.55)
    kept(store, "web", "requests.sent", "1", 1.0, 1000.0)  # no resource
    reader = kept(store, "payments", "process.cpu.usage.percent", "%", 40.0, 97.0)
    rows = fullest(reader, WHOLE, COMPARISON, risen=True)
    assert rows is not None
    series = used_over_time(rows.dicts(), WHOLE, rows.provenance)
    assert series is not None
    assert ("saturation: payments process.cpu.usage.percent", "share") == (series.title, series.unit)
    assert 120 == len(series.times) == len(series.values)
    assert [pytest.approx(0.4), pytest.approx(0.97)] == [series.values[0], series.values[-1]]


def test_what_did_not_rise_is_no_saturation_that_is_up(store: Store) -> None:
    """It is drawn where nothing rose, the one nearest to its limit."""
    kept(store, "web", "process.cpu.utilization", "1", 0.3, 0.3)
    reader = kept(store, "payments", "process.cpu.utilization", "1", 0.8, 0.8)
    assert fullest(reader, WHOLE, COMPARISON, risen=True) is None
    rows = fullest(reader, WHOLE, COMPARISON, risen=False)
    assert rows is not None
    assert "payments process.cpu.utilization" == rows.dicts()[0]["what"]
    alone = fullest(reader, WHOLE, None, risen=False)
    assert alone is not None
    assert "payments process.cpu.utilization" == alone.dicts()[0]["what"]


@pytest.mark.parametrize(("since", "drawn"), [(FULL_FEWEST, True), (FULL_FEWEST - 1, False)])
def test_a_few_values_tell_nothing(store: Store, since: int, drawn: bool) -> None:
    """Neither does a metric of something else."""
    assert fullest(kept(store, "web", "requests.sent", "1", 1, 9), WHOLE, COMPARISON, risen=False) is None
    upto = int((HALF - START) / STEP) + since
    reader = kept(store, "web", "process.cpu.utilization", "1", 0.4, 0.9, upto=upto)
    assert drawn == (fullest(reader, WHOLE, COMPARISON, risen=False) is not None)


def test_a_gauge_that_is_read_seldom_has_no_gaps(store: Store) -> None:
    """Every 40 s, in buckets of 15 s; a longer time without a value is one."""
    points = [(START + n * timedelta(seconds=40), 0.5) for n in range(45) if not 10 < n < 11 + FULL_GAP]
    receive(
        store.engine,
        [Body(Signal.METRICS, gauge("web", "process.cpu.utilization", "1", points), as_json=True)],
    )
    rows = fullest(store.survey()[1], WHOLE, COMPARISON, risen=False)
    assert rows is not None
    series = used_over_time(rows.dicts(), WHOLE, rows.provenance)
    assert series is not None
    assert [11] == [n for n, value in enumerate(series.values) if value is None]
