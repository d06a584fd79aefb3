"""Date orders: reported by the dates themselves, by other data, by now; or not reported."""

from datetime import UTC, datetime

import pytest

from lastgood.algorithms.date_orders import order_of
from lastgood.algorithms.timestamps import UNDECIDED, Reference
from lastgood.model.clock import to_nanoseconds

LATEST = to_nanoseconds(datetime(2026, 11, 22, 15, 0, tzinfo=UTC))
OCTOBER = tuple(to_nanoseconds(datetime(2026, 10, day, tzinfo=UTC)) for day in (4, 6))


@pytest.mark.parametrize(
    ("dates", "covered", "order"),
    [
        (["22/11/26 14:40:58"], None, "dmy"),  # 2022 is possible, and today is meant
        (["26/11/22 14:40:58"], None, "ymd"),
        (["11/22/26 14:40:58"], None, "mdy"),
        (["22/11/2026 14:40:58"], None, "dmy"),
        (["05/11/26 14:40:58"], None, UNDECIDED),
        (["05/11/2026 14:40:58"], None, UNDECIDED),
        (["05/10/2026 14:40:58"], OCTOBER, "dmy"),
        (["10/05/2026 14:40:58"], OCTOBER, "mdy"),
        (["05/10/2026 14:40:58"], (0, LATEST), UNDECIDED),
        (["05/06/2026 23:59:58", "06/06/2026 00:00:01", "07/06/2026 00:00:01"], None, "dmy"),
        (["06/05/2026 23:59:58", "06/06/2026 00:00:01", "06/07/2026 00:00:01"], None, "mdy"),
        (["17/06/09 23:59:58", "17/06/10 00:00:01"], None, "ymd"),
        (["05/12/2026 14:40:58"], None, "mdy"),  # the other is after now
        (["17/06/09 20:10:40"], None, "ymd"),  # the other is of 2009
        (["22.11 14:40:58"], None, "dmy"),
        (["2026-11-22 14:40:58", "soon"], None, ""),
    ],
)
def test_an_order_is_told_or_not(dates: list[str], covered: tuple[int, int] | None, order: str) -> None:
    """By what is possible, by the days that follow each other, by other data, or by now; never by habit."""
    assert order == order_of(dates, Reference(UTC, LATEST), covered)
