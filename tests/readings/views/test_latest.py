"""Whether the newest data are like those before."""

from datetime import timedelta
from typing import Any

import pytest

from lastgood.model.window import Comparison, Window
from lastgood.readings.views.latest import ENOUGH_FOR_TAIL, SAME_TAIL, SAME_TRAFFIC, _differences
from records import START

WINDOWS = Comparison(
    Window(START, START + timedelta(minutes=5)), Window(START + timedelta(minutes=5), START + timedelta(minutes=6))
)  # fmt: skip
MANY = 60 * ENOUGH_FOR_TAIL


def row(
    new: bool, n: int, failures: int = 0, p95: float = 100.0, service: str = "checkout"
) -> dict[str, Any]:
    return {"service": service, "what": "Server", "new": new, "n": n, "failures": failures, "p95": p95}


def differs(*rows: dict[str, Any]) -> bool:
    return any(_differences(rows, WINDOWS))


def test_as_much_of_the_same_is_no_difference() -> None:
    """A fifth of the events in a fifth of the time, as slow, failing as often."""
    assert not differs(row(False, 5 * MANY, MANY), row(True, MANY, MANY // 5 + 3, 101.0))
    assert not differs(row(False, 10), row(True, 3))


@pytest.mark.parametrize(
    "new",
    [
        [],
        [row(True, MANY, MANY // 2)],
        [row(True, MANY, 0)],
        [row(True, MANY, MANY // 5, 100.0 * SAME_TAIL * 1.01)],
        [row(True, MANY, MANY // 5, 100.0 / SAME_TAIL / 1.01)],
        [row(True, int(MANY * SAME_TRAFFIC * 1.1), int(MANY * SAME_TRAFFIC * 1.1) // 5)],
        [row(True, int(MANY / SAME_TRAFFIC / 1.1), int(MANY / SAME_TRAFFIC / 1.1) // 5)],
        [row(True, MANY, MANY // 5), row(True, 1, service="search")],
    ],
)
def test_anything_else_is_one(new: list[dict[str, Any]]) -> None:
    """Nothing new, other failures, slower, faster, more, fewer, another service."""
    assert differs(row(False, 5 * MANY, MANY), *new)


def test_a_service_that_fell_silent_is_one() -> None:
    """Though all others are as before."""
    alike = [row(False, 5 * MANY), row(True, MANY)]

    assert differs(*alike, row(False, 5 * MANY, service="search"))
