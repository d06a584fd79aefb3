"""Points of monitoring systems: counters are sums, everything else gauges."""

import math

import pytest

from lastgood.decoding.points import Reported, point
from lastgood.telemetry.tables import GAUGES, SUMS

AT = 1_700_000_000_000_000_000


def test_a_name_that_ends_like_a_counters() -> None:
    """A cumulative sum that only grows."""
    table, row = point("hits_total", {"app": "web", "code": "5"}, AT, 3.0)

    assert (SUMS, True, 2, "web") == (
        table,
        row["IsMonotonic"],
        row["AggregationTemporality"],
        row["ServiceName"],
    )
    assert {"app": "web", "code": "5"} == row["Attributes"]


def test_what_was_reported_goes_before_the_name() -> None:
    """A gauge may be called _total."""
    table, row = point(
        "rooms_total", {}, AT, 3.0, reported=Reported("{room}", "Rooms.", counter=False), otherwise="hotel"
    )

    assert (GAUGES, "{room}", "Rooms.", "hotel") == (
        table, row["MetricUnit"], row["MetricDescription"], row["ServiceName"],
    )  # fmt: skip


@pytest.mark.parametrize(("time", "value"), [(0, 1.0), (-AT, 1.0), (AT, math.nan)])
def test_no_value_and_no_time(time: int, value: float) -> None:
    """A stale series is not a zero, and 1970 not a time."""
    with pytest.raises(ValueError, match=r"not a time|stale"):
        point("a", {}, time, value)
