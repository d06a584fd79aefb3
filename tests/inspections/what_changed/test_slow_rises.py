"""What fills up begins before it hurts."""

from datetime import timedelta

import numpy as np

from inspections.scenes import never
from lastgood.inspections.what_changed.slow_rises import slow_rises
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.workbench.store import Store
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


def test_without_metrics_or_suspects_nothing_is_asked() -> None:
    """No query at all."""
    case = Case(Window(START, ONSET), None, Scope(), Holdings(()), ONSET, never)

    assert [] == slow_rises(case, ["cart"], ONSET)
