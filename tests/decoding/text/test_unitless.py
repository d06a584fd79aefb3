"""Durations without a unit, of the requests of one file."""

from datetime import UTC

import pyarrow as pa
import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.text.events import column, entries
from lastgood.decoding.text.structured import events_of
from lastgood.decoding.text.unitless import (
    FEWEST,
    NO_SECONDS,
    QUICKEST,
    WHOLE_NO_MICROSECONDS,
    UnitlessDurations,
)

REFERENCE = Reference(UTC, 4_102_444_800_000_000_000)


def requests(durations: list[str], name: str = "duration", status: int | None = 200) -> pa.Table:
    """One event for each."""
    rows = [
        (
            {
                "time": "2026-11-25T10:00:00Z",
                "method": "GET",
                "path": "/a",
                name: text,
                **({"status": status} if status else {}),
            },
            b"{}",
        )
        for text in durations
    ]
    return events_of(rows, REFERENCE)


def lengths(table: pa.Table) -> list[str]:
    """The nanoseconds that are known."""
    _, keys, values = entries(column(table, "LogAttributes"))
    return [
        value
        for key, value in zip(keys.to_pylist(), values.to_pylist(), strict=True)
        if key == "lg.duration_ns"
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"{NO_SECONDS}", True),
        (f"{NO_SECONDS - 0.01:.2f}", False),  # seconds, perhaps
        (f"{WHOLE_NO_MICROSECONDS:.0f}", True),
        (f"{WHOLE_NO_MICROSECONDS + 1:.0f}", False),  # microseconds, perhaps
        ("27.6", True),
        ("31 apples", False),
    ],
)
def test_the_unit_is_known_where_nothing_else_fits(text: str, *, read: bool) -> None:
    """Of enough requests."""
    found = lengths(UnitlessDurations().read(requests([text] * FEWEST)))

    assert ([str(round(float(text) * 1e6))] * FEWEST if read else []) == found


def test_few_requests_tell_nothing_yet() -> None:
    """One fewer than enough; those that follow are read."""
    reader = UnitlessDurations()

    assert [] == lengths(reader.read(requests(["27.5"] * (FEWEST - 1))))
    assert ["27500000"] == lengths(reader.read(requests(["27.5"])))


def test_the_quickest_decide() -> None:
    """Whole seconds of a few slow ones among quick ones, and no others."""
    few = round(100 * QUICKEST) + 1

    assert [] == lengths(UnitlessDurations().read(requests(["0.2"] * few + ["9.5"] * (100 - few))))
    assert 100 == len(
        lengths(UnitlessDurations().read(requests(["0.2"] * (few - 3) + ["9.5"] * (103 - few))))
    )


def test_what_has_a_unit_or_is_no_request_is_left() -> None:
    """A duration of a job may be anything; one with a unit is read already."""
    assert [] == lengths(UnitlessDurations().read(requests(["27.5"] * FEWEST, status=None)))
    assert ["5000000"] * FEWEST == lengths(UnitlessDurations().read(requests(["5"] * FEWEST, "duration_ms")))
