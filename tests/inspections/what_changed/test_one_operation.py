"""One operation that nearly all additional requests are for, and the change that made clients ask."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from inspections.onset.drawn import least
from inspections.scenes import ONSET, change
from lastgood.algorithms.change_point import deviation
from lastgood.inspections.what_changed.one_operation import (
    Operation,
    _earlier,
    asking_more,
    one_operation,
)
from lastgood.inspections.what_changed.weights import (
    ASKED_AFTER,
    ASKED_CELL,
    ASKED_CHANCE,
    ASKS_MORE,
    OPERATION_GROWN,
    OPERATION_SHARE,
    OTHERS_ASKED,
    OTHERS_GROWN,
    SENDER_FEWEST,
)
from lastgood.model.answers import GoldenSignals, Shape
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START

MIDDLE = START + timedelta(minutes=30)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(hours=1)), given=True)
BUSY = GoldenSignals(Shape.UP, Shape.UP, None, None, {})
POLL, OTHERS = "/poll", "/cart"
Counts = dict[str, tuple[int, int]]


def asked(store: Store, counts: Counts, signals: GoldenSignals | None = BUSY) -> Operation | None:
    """Of requests for each path in the good and in the bad half hour, evenly."""
    requests = [
        Request(n, 1800.0 * late + 1799.9 * n / max(number, 1), 0.0, path, 200, 1, "free")
        for path, both in counts.items()
        for late, number in enumerate(both)
        for n in range(number)
    ]
    Tier("shop").put(store, requests)
    return one_operation(case_of(store, WINDOWS, *([signals] if signals else [])))


def test_the_operation_that_is_asked_for_more(store: Store) -> None:
    """With its share of what is more, how many times as many, and since when."""
    found = asked(store, {POLL: (200, 2000), OTHERS: (1000, 1100)})

    assert found is not None
    assert found.name.endswith(POLL)
    assert pytest.approx((1800 / 1900, 10)) == (found.share, found.times)
    assert (MIDDLE, MIDDLE + ASKED_CELL) == (found.low, found.high)


ENOUGH: dict[str, Counts] = {
    "fewest": {POLL: (0, int(SENDER_FEWEST)), OTHERS: (200, 200)},
    "share": {POLL: (100, 100 + round(1000 * OPERATION_SHARE)), OTHERS: (2000, 3000 - round(1000 * OPERATION_SHARE))},
    "grown": {POLL: (200, round(200 * OPERATION_GROWN)), OTHERS: (200, 200)},
    "others": {POLL: (100, 4000), OTHERS: (1000, int(1000 * OTHERS_GROWN))},
    "others least": {POLL: (10, 1000), OTHERS: (int(OTHERS_ASKED), int(OTHERS_ASKED))},
}  # fmt: skip
LESS: dict[str, Counts] = {
    "fewest": {POLL: (0, SENDER_FEWEST - 1), OTHERS: (200, 200)},
    "share": {POLL: (100, 99 + round(1000 * OPERATION_SHARE)), OTHERS: (2000, 3001 - round(1000 * OPERATION_SHARE))},
    "grown": {POLL: (200, round(200 * OPERATION_GROWN) - 1), OTHERS: (200, 200)},
    "others": {POLL: (100, 4000), OTHERS: (1000, int(1000 * OTHERS_GROWN) + 1)},
    "others least": {POLL: (10, 1000), OTHERS: (int(OTHERS_ASKED), OTHERS_ASKED - 1)},
}  # fmt: skip


@pytest.mark.parametrize("counts", ENOUGH.values(), ids=ENOUGH)
def test_exactly_enough_is_enough(store: Store, counts: Counts) -> None:
    """Of each judgement."""
    assert asked(store, counts)


@pytest.mark.parametrize("counts", LESS.values(), ids=LESS)
def test_one_request_less_is_too_little(store: Store, counts: Counts) -> None:
    """Of the same."""
    assert asked(store, counts) is None


@pytest.mark.parametrize("signals", [None, GoldenSignals(None, None, None, None, {})])
def test_without_more_traffic_there_is_none(store: Store, signals: GoldenSignals | None) -> None:
    """As golden signals say."""
    assert asked(store, ENOUGH["grown"], signals) is None


def test_clients_that_follow_one_by_one_began_with_the_first(store: Store) -> None:
    """Each reads its settings at a time of its own."""
    begin = 1800.0 - 300
    times = (
        [20.0 * n for n in range(90)]
        + [begin + 1 + 0.9 * n for n in range(333)]
        + [1800 + 0.2 * n for n in range(9000)]
    )
    others = [3.0 * n for n in range(1200)]
    requests = [
        Request(n, at, 0.0, path, 200, 1, "free")
        for path, each in ((POLL, times), (OTHERS, others))
        for n, at in enumerate(each)
    ]
    Tier("shop").put(store, requests)

    found = one_operation(case_of(store, WINDOWS, BUSY))

    assert found is not None
    assert found.low <= START + timedelta(seconds=begin) + ASKED_CELL <= found.high + 2 * ASKED_CELL


def test_requests_that_are_more_by_chance_began_nothing() -> None:
    """ASKED_CHANCE: with the fewest that are surer there is a begin, with a tenth of one less there is none."""

    def counts(tenths: int) -> np.ndarray:
        usual = 20.0 + np.array([0.0, 3.0, -4.0, 2.0, -1.0] * 12)
        return np.concatenate([usual, usual[:20] + tenths / 10])

    def sure(tenths: int) -> bool:
        found = deviation(counts(tenths), np.ones(80), share=False, rise=True, lasting=True)
        return found is not None and found.log_chance <= ASKED_CHANCE

    fewest = least(sure, 2000)
    assert (True, False) == tuple(_earlier(counts(n)) is not None for n in (fewest, fewest - 1))
    found = _earlier(counts(400))
    assert found is not None
    assert found.low <= 60 <= found.high + 1


MORE = Operation("GET /poll", 0.95, 9.0, ONSET, ONSET + timedelta(seconds=30))


@pytest.mark.parametrize(
    ("kind", "seconds_before", "there"),
    [
        ("config", ASKED_AFTER.total_seconds(), True),
        ("config", ASKED_AFTER.total_seconds() + 1, False),
        ("deploy", -30, True),  # while it may have begun
        ("deploy", -31, False),
        ("config", 0, True),
        ("third_party", 0, False),
    ],
)
def test_a_change_right_before_told_clients_to_ask(kind: str, seconds_before: float, *, there: bool) -> None:
    """One of ours, up to ASKED_AFTER before; until it was through."""
    one = change("c", kind, seconds_before / 60)

    assert ([ASKS_MORE] if there else []) == [reason.row for reason in asking_more(one, MORE)]
    assert [] == asking_more(one, None)


def test_what_it_says_has_its_numbers() -> None:
    """How many times as many, for what; a change that lasts counts until its end."""
    long = change("c", "deploy", 20, until=ONSET - timedelta(minutes=1))

    (reason,) = asking_more(long, MORE)

    assert ASKS_MORE == reason.ratio
    assert "GET /poll" in reason.reported
    assert "9" in reason.reported
