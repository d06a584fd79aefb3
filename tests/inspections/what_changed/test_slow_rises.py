"""What fills up begins before it affects."""

from datetime import timedelta

import numpy as np

from inspections.scenes import never
from lastgood.algorithms.metric_meaning import meaning
from lastgood.inspections.what_changed.slow_rises import SlowRise, _rise, grown, slow_rises
from lastgood.inspections.what_changed.weights import RISE_CLIMBED, RISE_FIT, RISE_VALUES
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.workbench.store import Store
from readings.exporters import gauge
from worlds import START, store_gauge

ONSET = START + timedelta(minutes=90)


def asked(store: Store) -> Case:
    """Two hours of the store."""
    holdings, reader = store.survey()
    window = Window(START, START + timedelta(hours=2))
    return Case(
        window, None, Scope(), holdings, window.end,
        lambda sql, bound, within, comparison, scope: reader.query(sql, bound, within, comparison=comparison, scope=scope),
    )  # fmt: skip


def test_the_beginning_of_a_leak_is_found_and_a_level_is_none(store: Store) -> None:
    """Memory climbs from the thirtieth minute on; another's stays as it is."""
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 4e6, 240)
    leak = [(30.0 * n, 4e8 + noise[n] + max(0, 30 * n - 1800) * 3e5) for n in range(240)]
    flat = [(30.0 * n, 4e8 + noise[n]) for n in range(240)]
    store_gauge(store, "cart", "process.memory.usage", "By", leak)
    store_gauge(store, "mail", "process.memory.usage", "By", flat)

    (found,) = slow_rises(asked(store), ["cart", "mail"], ONSET)

    assert ("cart", "memory") == (found.service, found.kind)
    assert found.low <= START + timedelta(minutes=30) <= found.high
    assert found.high - found.low < timedelta(minutes=10)


def test_a_machine_is_suspected_by_its_own_name(store: Store) -> None:
    """Its disk fills, though what runs there has another name."""
    free = [(30.0 * n, 9e10 - max(0, 30 * n - 1800) * 1.3e7) for n in range(240)]
    size = [(30.0 * n, 1e11) for n in range(240)]
    for metric, points in (("node_filesystem_avail_bytes", free), ("node_filesystem_size_bytes", size)):
        gauge(store, "pg", metric, {"mountpoint": "/data"}, points, {"service.instance.id": "db-1:9100"})

    (found,) = slow_rises(asked(store), ["db-1"], ONSET)

    assert ("db-1", "disk") == (found.service, found.kind)
    assert found.low <= START + timedelta(minutes=30) <= found.high


def test_what_had_been_growing_is_told_with_its_start() -> None:
    """The middle of the interval, with its day where that is another one; nothing without a rise."""
    first = SlowRise("cart", "memory", "memory", ONSET - timedelta(minutes=50), ONSET - timedelta(minutes=40))
    middle = ONSET - timedelta(minutes=45)

    assert f"memory of cart had been rising since {middle:%H:%M} UTC" == grown([first], ONSET)
    assert f"since {middle:%Y-%m-%d %H:%M} UTC" in grown([first], ONSET + timedelta(days=1))
    assert "" == grown([], ONSET)


def test_without_metrics_or_suspects_nothing_is_asked() -> None:
    """No query at all."""
    case = Case(Window(START, ONSET), None, Scope(), Holdings(()), ONSET, never)

    assert [] == slow_rises(case, ["cart"], ONSET)


def rise(values: list[float], step: int = 30_000) -> SlowRise | None:
    """The rise of memory that is so many MB, every half minute until the onset."""
    points = [(n, 1e6 * value) for n, value in enumerate(values)]
    return _rise(("cart", "process.memory.usage"), meaning("process.memory.usage", "By"), points, step)


def climbing(flat: int, climbing: int, level: float = 400.0, climbed: float = 400.0) -> list[float]:
    """Flat for so many values, then a straight climb over so many."""
    return [level] * flat + [level + climbed * (n + 1) / climbing for n in range(climbing)]


def test_a_rise_needs_so_many_values() -> None:
    """Half of them since its bend."""
    half = RISE_VALUES // 2

    assert rise(climbing(RISE_VALUES - half, half))
    assert rise(climbing(RISE_VALUES - half - 1, half)) is None


def test_a_rise_climbs_by_a_share_of_its_level() -> None:
    """Less is a drift."""
    level = 2000.0

    assert rise(climbing(60, 60, level, 1.05 * RISE_CLIMBED * level))
    assert rise(climbing(60, 60, level, 0.95 * RISE_CLIMBED * level)) is None


def test_a_rise_explains_most_of_what_moved() -> None:
    """A swing of its own beside it, which the line does not follow, may hold the rest and no more."""
    line = np.array(climbing(60, 60))
    swing = np.tile([1.0, -1.0], 60)
    rest = np.sqrt(line.var() * (1 - RISE_FIT) / RISE_FIT)

    assert rise(list(line + 0.95 * rest * swing))
    assert rise(list(line + 1.1 * rest * swing)) is None


def test_a_climb_that_follows_the_work_begins_where_it_left_its_level(store: Store) -> None:
    """It grows the faster the more there is to do: a line would begin where the day does."""
    noise = np.random.default_rng(2).normal(0, 2e6, 240)
    since = np.maximum(30.0 * np.arange(240) - 1200, 0) / 3600
    curve = [(30.0 * n, 4e8 + noise[n] + 1e7 * since[n] + 8e8 * since[n] ** 2) for n in range(240)]
    store_gauge(store, "cart", "process.memory.usage", "By", curve)

    (found,) = slow_rises(asked(store), ["cart"], ONSET)

    assert found.low <= START + timedelta(minutes=20) <= found.high
    assert found.high - found.low < timedelta(minutes=15)
