"""How consoles' tables are laid out."""

from datetime import UTC, timedelta

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.terminal.clock import Clock
from lastgood.intake.metric_tables import layout
from lastgood.intake.metric_tables.layout import Measured, is_time, layout_of, of_names, plain_number

LATEST = 1_796_000_000_000_000_000


def clock() -> Clock:
    """One in UTC."""
    return Clock(Reference(UTC, LATEST))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-10 10:02:00", "2026-11-10 10:02:00+00", "11/10/2026 10:02 AM", "1794304920", "1794304920000",
        "Tue Nov 10 2026 10:02:00 GMT+0000 (Coordinated Universal Time)",
    ],
)  # fmt: skip
def test_times_as_consoles_write_them(text: str) -> None:
    """All of the same moment."""
    assert 1794304920_000_000_000 == is_time(text, clock())


def test_labels_above_the_columns() -> None:
    """As CloudWatch's console puts them."""
    text = ",i-0abc123 (web)\nNamespace,AWS/EC2\nMetric name,CPUUtilization\n2026/11/10 10:00:00,12.5\n2026/11/10 10:05:00,92.5\n"
    found = layout_of(text, clock())
    assert found
    assert (3, 0, {1: Measured("CPUUtilization", "%", labels={"namespace": "AWS/EC2"}, whose="i-0abc123 (web)")}) == (
        found.skipped, found.time, found.values
    )  # fmt: skip


def test_zones_in_headings() -> None:
    """Minutes to the west, names, offsets."""
    perf = layout_of(
        '"(PDH-CSV 4.0) (X)(-60)","\\\\A\\Memory\\Available MBytes"\n"11/10/2026 11:00:00.123","4012"\n',
        clock(),
    )
    named = layout_of("Time (Europe/Berlin),cpu\n2026-11-10 11:02:00,12\n", clock())
    assert perf and named  # noqa: PT018 - both
    assert timedelta(hours=1) == perf.zone.utcoffset(None) if perf.zone else False
    assert "Europe/Berlin" == str(named.zone)


def test_series_that_are_called_by_whom_they_are_of() -> None:
    """What is measured is then the panel's title; a name of both is taken apart."""
    columns = {1: Measured("cart", "%"), 2: Measured("pay", "%")}
    assert [("CPU usage", "cart"), ("CPU usage", "pay")] == [
        (one.metric, one.whose) for one in of_names(columns, "CPU usage").values()
    ]
    assert [("cpu", "cart")] == [
        (one.metric, one.whose) for one in of_names({1: Measured("cart cpu")}, "export").values()
    ]


def test_decimal_commas() -> None:
    """Not where commas separate the columns."""
    assert ("12.5", "12,5", "1,234") == (
        plain_number("12,5", ";"),
        plain_number("12,5", ","),
        plain_number("1,234", ","),
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "a,b\n1,2\n", "time,cpu\n2026-11-10 10:02:00,12\n2026-11-10 10:03:00,13\n",  # a plain one
        "Time;Level;Message\n11/10/2026 10:02:00 AM;ERROR;it went down again\n", "time,Content,n\n11/10/2026 10:02:00 AM,step done,1\n",
    ],
)  # fmt: skip
def test_tables_that_others_read(text: str) -> None:
    """Plain ones, and logs."""
    assert None is layout_of(text, clock())


def test_an_offset_beyond_a_day_is_no_zone() -> None:
    """It kept the file from being recognised at all."""
    assert layout._zone("(PDH-CSV 4.0) (W. Europe Standard Time)(-99999)") is None
    assert layout._zone("time (UTC+99:99)") is None
