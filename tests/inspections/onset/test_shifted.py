"""Metrics that leave their level: near what was captured, on a scale of their own, and backed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import log
from typing import Any

import numpy as np
import pytest

from cases import case_of
from inspections.onset.drawn import MINUTES as BUCKETS
from inspections.onset.drawn import candidate, drawn_series
from inspections.test_onset import answered, asked, off, windows
from lastgood.algorithms.change_point import Deviation
from lastgood.algorithms.level_shift import SHORTEST_LEVEL, level_shift
from lastgood.algorithms.metric_meaning import Meaning, Role, meaning
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.shifted import (
    _backed,
    _busier,
    _clear,
    _convincing,
    _handed_over,
    _left,
    _scanned,
    focus_of,
    shifted,
)
from lastgood.inspections.onset.weights import (
    AROUND_LEAST,
    BACKED_CHANCE,
    BACKED_WITHIN,
    EVENTS_MORE,
    FLOOR_PART,
    GROWTH_EXPLAINED,
    LATENCY_SPREAD,
    LEVEL_SPREAD,
    LEVEL_TIMES,
    METRIC_FAMILIES,
    NARROW_FOCUS,
    REQUESTS_LOST,
    RESOURCE_FULL,
    ROOT_SPREAD,
    TRAFFIC_LEFT,
)
from lastgood.model.evidence import Provenance
from lastgood.model.finding import Verdict
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.grid import Grid
from lastgood.readings.levels import Level, levels
from lastgood.readings.series import Symptom, SymptomSeries, Trust
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from telemetry.rows import put_lines
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


CPU = Meaning(Role.RESOURCE, "cpu", 0.05, limit=1.0)


def metric(meant: Meaning, values: Any = 0.0, trust: Trust = Trust.METRICS, **given: Any) -> Level:
    """A level a minute over two hours."""
    one = drawn_series(Symptom.LEVEL, trust, observed=np.full(BUCKETS, values, float), share=False, **given)
    return Level(one, meant, "metric", "1")


@pytest.mark.parametrize(("outside", "full"), [(0.01, False), (RESOURCE_FULL, True)])
def test_a_resource_that_follows_the_work_is_none_until_it_is_full(outside: float, *, full: bool) -> None:
    """Its growth is explained by GROWTH_EXPLAINED of as much more work, unless RESOURCE_FULL of its limit is used."""
    level = metric(CPU, trust=Trust.RESOURCES)
    volume = drawn_series(Symptom.SILENCE, observed=np.where(np.arange(BUCKETS) >= 60, 200.0, 100.0))
    most = 2 * outside / GROWTH_EXPLAINED

    def busier(inside: float) -> bool:
        return _busier(candidate(series=level.series, inside=inside, outside=outside), level, volume)

    if full:
        assert [False, True] == [busier(near * RESOURCE_FULL) for near in (1.0, 0.99)]
    else:
        assert [True, False] == [busier(near * most) for near in (0.99, 1.01)]


def test_the_traffic_of_a_service_is_what_its_instances_have() -> None:
    """More than TRAFFIC_LEFT of it is there: one that lost its own was spared."""
    now = np.arange(BUCKETS) >= 60
    found = meaning("http.server.requests", "{request}/s")
    assert found is not None

    def handed(left: float) -> bool:
        gone, other = (metric(found, np.where(now, 100 * part, 50.0)) for part in (0.0, left))
        return _handed_over(candidate(series=gone.series), gone, [gone, other])

    assert [True, False] == [handed(TRAFFIC_LEFT + more) for more in (0.01, -0.01)]


def test_one_inner_metric_is_backed_by_another_at_its_time_or_by_its_clearness() -> None:
    """Within BACKED_WITHIN samples; or by BACKED_CHANCE alone."""
    one = candidate(BACKED_CHANCE + 0.1, metric(CPU).series)

    def backed(apart: int) -> bool:
        return _backed(one, [one, candidate(-50.0, metric(CPU, service="mail").series, start=60 + apart)])

    assert [True, False] == [backed(apart) for apart in (BACKED_WITHIN, BACKED_WITHIN + 1)]
    assert _backed(replace(one, log_chance=float(BACKED_CHANCE)), [])


def test_a_level_is_clear_by_times_or_by_what_was_lost() -> None:
    """LEVEL_TIMES at most, whatever its kind asks; of traffic TRAFFIC_LEFT is left, and REQUESTS_LOST are missing."""
    picky, traffic = (
        metric(Meaning(Role.LATENCY, "latency", 0.0, ratio=9.0)),
        metric(Meaning(Role.TRAFFIC, "traffic", 0.0)),
    )

    def clear(level: Level, inside: float, outside: float, minutes: int = 60) -> bool:
        return _clear(level, candidate(start=60, stop=60 + minutes, inside=inside, outside=outside).deviation)

    assert [True, False] == [clear(picky, LEVEL_TIMES * near, 1.0) for near in (1.01, 0.99)]
    assert [True, False] == [clear(traffic, TRAFFIC_LEFT * near, 1.0) for near in (0.99, 1.01)]
    assert [True, False] == [clear(traffic, 0.0, (REQUESTS_LOST + n) / 60, 1) for n in (0.01, -0.5)]


@pytest.mark.parametrize(("name", "few"), [("http_errors_total", False), ("http_error_ratio", True)])
def test_failures_that_are_counted_are_more_than_a_few(name: str, *, few: bool) -> None:
    """EVENTS_MORE in all; a share counts nothing."""
    level = replace(metric(Meaning(Role.FAILURES, "errors", 0.0, ratio=2.0)), metric=name)

    def clear(events: float) -> bool:
        return _clear(level, candidate(start=60, stop=61, inside=events / 60, outside=0.0).deviation)

    assert [True, few] == [clear(EVENTS_MORE + n) for n in (0.01, -0.5)]


def _latency(values: Any) -> Any:
    return np.log(values + 0.02 * FLOOR_PART)


@pytest.mark.parametrize(
    ("meant", "scaled", "floor", "rise"),
    [
        (Meaning(Role.LATENCY, "latency", 0.02), _latency, LATENCY_SPREAD, True),
        (Meaning(Role.TRAFFIC, "traffic", 0.0), lambda values: np.sqrt(values * 60), ROOT_SPREAD, False),
        (Meaning(Role.RESOURCE, "cpu", 0.0), np.asarray, 0.5 * LEVEL_SPREAD, True),
        (Meaning(Role.RESOURCE, "cpu", 0.4), np.asarray, 0.4 * FLOOR_PART, True),
    ],
)  # fmt: skip
def test_a_level_is_judged_on_the_scale_on_which_it_varies(
    meant: Meaning, scaled: Callable[[Any], Any], floor: float, *, rise: bool
) -> None:
    """With the least spread to believe of its kind: of what hardly varies nothing else is known."""
    wave = np.arange(BUCKETS) % 2 * 0.002
    values = np.where(np.arange(BUCKETS) >= 100, 0.53 if rise else 0.2, 0.499) + wave
    expected = level_shift(scaled(values), floor=floor, rise=rise)
    found = _left(metric(meant, values), lasting=False)

    assert expected is not None
    assert found is not None
    assert expected.log_chance == pytest.approx(found.log_chance, rel=1e-2)


def test_metrics_are_tried_by_their_number_and_families() -> None:
    """METRIC_FAMILIES times as many tries."""
    level = metric(CPU, np.where(np.arange(BUCKETS) >= 100, 0.95, 0.2))
    (found, _), *_ = _convincing([level] * 3, ())

    assert log(METRIC_FAMILIES * 3) == pytest.approx(found.log_chance - found.deviation.log_chance)


def test_what_logs_cover_is_looked_at_with_some_time_around(store: Store) -> None:
    """AROUND_LEAST at least; NARROW_FOCUS of it where they show something themselves."""
    put_lines(store, 10)
    case = case_of(store, None)
    (wide,), (narrow,) = (focus_of(case, narrow=narrow) for narrow in (False, True))

    assert timedelta(0) <= wide.start - (START - AROUND_LEAST) < timedelta(seconds=5)
    assert (1 - NARROW_FOCUS) * AROUND_LEAST == narrow.start - wide.start


def test_what_comes_again_and_again_is_told_with_its_last_part() -> None:
    """Six times, with a few usual values in between."""
    values = np.full(BUCKETS, 0.2)
    for n in range(6):
        values[60 + 9 * n : 66 + 9 * n] = 0.95

    assert [(60, 111), (105, 111)] == [(one.start, one.stop) for one in _scanned(metric(CPU, values))]


def test_metrics_alone_are_enough(store: Store) -> None:
    """A resource that fills up is an onset between two samples; the other metrics stay level."""
    chance = np.random.default_rng(5)
    for service, high in (("shop", 0.97), ("stock", 0.3)):
        points = [
            (t, (0.3 if t < 2400 else high) + 0.01 * float(chance.normal())) for t in np.arange(0, 3600, 15.0)
        ]
        store_gauge(store, service, "process.cpu.utilization", "1", points)

    found = answered(store)

    assert off(found, 2400) <= 20
    assert "shop" in found.first_symptom


def test_a_level_that_is_as_usual_again_is_over(store: Store) -> None:
    """A few slow minutes that chance might have made, the last of them just now: they are compared, not what follows."""
    chance = np.random.default_rng(5)
    points = [
        (t, (1.3 if 1500 <= t < 1800 else 0.3) * (1 + 0.3 * float(chance.normal())))
        for t in np.arange(0, 2160, 60.0)
    ]
    store_gauge(store, "shop", "http.server.request.duration.p90", "s", points)

    found = answered(store)

    assert found.ended is not None
    assert windows(found).bad.end == found.ended
    assert off(found, 1500) <= 60


def test_quiet_metrics_are_quiet(store: Store) -> None:
    """Nothing but a level processor."""
    chance = np.random.default_rng(9)
    points = [(t, 0.3 + 0.02 * float(chance.normal())) for t in np.arange(0, 3600, 15.0)]
    store_gauge(store, "shop", "process.cpu.utilization", "1", points)

    assert Verdict.NO is asked(store).verdict


def by_the_minute(store: Store, metric: str, values: Any) -> None:
    """Three hours of a metric of one service."""
    store_gauge(store, "mail", metric, "", list(zip(MINUTES, values, strict=True)))


@pytest.mark.parametrize(("metric", "most"), [("cpu_utilization", 0.4), ("ErrorCount", 60.0)])
@pytest.mark.parametrize("grows", [True, False])
def test_what_grows_with_the_requests_that_are_counted_is_nothing(
    store: Store, metric: str, most: float, grows: bool
) -> None:
    """By a metric of traffic, without a span or a line; with as many requests as before it is a deviation."""
    chance = np.random.default_rng(3)
    late, wave = MINUTES >= 7_800, 1 + 0.02 * chance.normal(size=len(MINUTES))
    by_the_minute(store, metric, most * np.where(late, 2.2, 1.0) * wave)
    by_the_minute(store, "RequestCount", chance.poisson(np.where(late & grows, 1300.0, 600.0)))
    case, _ = investigate(store, now=START, only="onset")

    assert grows is (shifted(case, list(levels(case)), (), {}) == [])


@pytest.mark.parametrize("first", [0, 1, SHORTEST_LEVEL, 60])
def test_before_a_rise_of_traffic_nothing_was_lost(store: Store, first: int) -> None:
    """Without as much traffic before it, less of it is what was usual; with it, it is a loss."""
    chance = np.random.default_rng(3)
    place = np.arange(len(MINUTES))
    low = (place >= first) & (place < 130)
    by_the_minute(store, "RequestCount", chance.poisson(np.where(low, 600.0, 1200.0)))
    case, _ = investigate(store, now=START, only="onset")

    assert (first >= SHORTEST_LEVEL) is bool(shifted(case, list(levels(case)), (), {}))
