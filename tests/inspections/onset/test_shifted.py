"""Metrics that leave their level: near what was captured, on a scale of their own, and backed."""

from datetime import timedelta

import numpy as np

from lastgood.algorithms.change_point import Deviation
from lastgood.algorithms.metric_meaning import meaning
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.shifted import _handed_over, focus_of, shifted
from lastgood.model.evidence import Provenance
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid
from lastgood.readings.levels import Level, levels
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, store_gauge

MINUTES = np.arange(0, 10_800, 60.0)


def stored(store: Store, metric: str, unit: str, now: float, usual: float = 0.27) -> Case:
    """A case over three hours of one metric of one service; `now` are its last four values."""
    chance = np.random.default_rng(3)
    counts = chance.poisson(usual * 60, len(MINUTES)) / 60
    values = np.where(MINUTES >= MINUTES[-4], now, counts)
    store_gauge(store, "mail", metric, unit, list(zip(MINUTES, values, strict=True)))
    case, _ = investigate(store, now=START, only="onset")
    return case


def test_few_requests_a_minute_that_stop_are_counts(store: Store) -> None:
    """Sixteen a minute, and none in the last four: the square root of a count varies by a half."""
    case = stored(store, "http.server.requests", "{request}/s", 0.0)

    found = shifted(case, list(levels(case)), (), {})

    assert {len(MINUTES)} == {int(np.isfinite(one.series.observed).sum()) for one in found}
    assert all(one.deviation.inside == 0 < one.deviation.outside for one in found)


def test_few_requests_less_are_nothing(store: Store) -> None:
    """A third less of a few is no loss."""
    case = stored(store, "http.server.requests", "{request}/s", 0.18)

    assert [] == shifted(case, list(levels(case)), (), {})


def test_metrics_far_from_what_was_captured_are_another_matter(store: Store) -> None:
    """Spans of the first ten minutes are about what was then."""
    World(seconds=600).store_spans(store)
    case = stored(store, "process.cpu.utilization", "1", 0.99)
    (near,) = focus_of(case, narrow=False)

    assert near.start < START < near.end
    assert shifted(case, list(levels(case)), (), {})
    assert [] == shifted(case, list(levels(case)), (Window(near.start, near.end),), {})


def test_traffic_that_other_instances_took_over_is_not_lost() -> None:
    """One instance has none any more; the service as a whole has as much, or it has not."""

    def level(name: str, before: float, after: float) -> Level:
        values = np.concatenate([np.full(50, before), np.full(50, after)])
        grid = Grid(Window(START, START + timedelta(minutes=100)), 60)
        series = SymptomSeries(
            Trust.METRICS, Symptom.LEVEL, "mail", f"requests {name}", values, grid.covered, share=False, rise=False,
            grid=grid, provenance=Provenance("SELECT 1", {}, None, 0, 0.0),
        )  # fmt: skip
        found = meaning("http.server.requests", "{request}/s")
        assert found is not None
        return Level(series, found, "requests", "{request}/s")

    gone, taken, idle = level("a", 5.0, 0.0), level("b", 0.0, 5.0), level("c", 1.0, 1.0)
    lost = Candidate(gone.series, Deviation(50, 100, 0.0, 5.0, 0.0, 0.0, 1.0, 1, 0.0, -50.0), -50.0)

    assert _handed_over(lost, gone, [gone, taken])
    assert not _handed_over(lost, gone, [gone, idle])
    assert not _handed_over(lost, gone, [gone])
