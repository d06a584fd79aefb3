"""One sender that most of the additional requests are of."""

from datetime import timedelta

import pytest

from cases import case_of
from lastgood.inspections.what_changed.one_sender import one_sender
from lastgood.inspections.what_changed.weights import SENDER_FEWEST, SENDER_GROWN, SENDER_SHARE
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START

MIDDLE = START + timedelta(minutes=30)
COMPARISON = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(hours=1)), given=True)
NEW, OTHERS = 1, 2


def found(store: Store, counts: dict[int, tuple[int, int]]) -> str | None:
    """The value of the sender, where each sent so many requests in the good and in the bad half hour."""
    requests = [
        Request(
            100_000 * user + 50_000 * late + n,
            1800.0 * late + 1799 * n / max(number, 1),
            0.01,
            "/",
            200,
            user,
            "free",
        )
        for user, both in counts.items()
        for late, number in enumerate(both)
        for n in range(number)
    ]
    Tier("tiles", says=lambda one: {"user_agent.original": f"App/{one.user}", "url.path": "/"}).put(
        store, requests
    )
    sender = one_sender(case_of(store, COMPARISON))
    return sender.value if sender else None


def test_the_sender_of_most_of_what_is_more_is_named(store: Store) -> None:
    """While the others send as before."""
    assert f"App/{NEW}" == found(store, {NEW: (10, 400), OTHERS: (200, 205)})


@pytest.mark.parametrize(
    "counts",
    [
        {NEW: (10, 200), OTHERS: (200, 200 + int(190 / SENDER_SHARE) - 190 + 2)},  # others send more as well
        {NEW: (200, int(200 * SENDER_GROWN) - 2), OTHERS: (200, 200)},  # it was there before
        {NEW: (0, SENDER_FEWEST - 1), OTHERS: (200, 200)},
        {NEW: (10, 30), OTHERS: (200, 500)},
        {
            OTHERS: (int(SENDER_SHARE * 400) + 1, 4000),
            NEW: (400 - int(SENDER_SHARE * 400) - 1, 100),
        },  # nearly all
    ],
)
def test_else_nobody_is(store: Store, counts: dict[int, tuple[int, int]]) -> None:
    """A morning brings more of all."""
    assert found(store, counts) is None


@pytest.mark.parametrize(
    "counts",
    [
        {NEW: (0, int(SENDER_FEWEST)), OTHERS: (200, 200)},
        {NEW: (10, 10 + round(200 * SENDER_SHARE)), OTHERS: (200, 400 - round(200 * SENDER_SHARE))},
        {NEW: (200, int(200 * SENDER_GROWN)), OTHERS: (200, 200)},
    ],
    ids=["fewest", "share", "grown"],
)
def test_exactly_enough_is_enough(store: Store, counts: dict[int, tuple[int, int]]) -> None:
    """As many as have to be, the share that has to be, so many times as many as before."""
    assert f"App/{NEW}" == found(store, counts)


@pytest.mark.parametrize(
    "counts",
    [
        {NEW: (0, SENDER_FEWEST - 1), OTHERS: (200, 200)},
        {NEW: (10, 9 + round(200 * SENDER_SHARE)), OTHERS: (200, 401 - round(200 * SENDER_SHARE))},
        {NEW: (200, int(200 * SENDER_GROWN) - 1), OTHERS: (200, 200)},
    ],
    ids=["fewest", "share", "grown"],
)
def test_one_request_less_is_too_little(store: Store, counts: dict[int, tuple[int, int]]) -> None:
    """Of the same."""
    assert found(store, counts) is None
