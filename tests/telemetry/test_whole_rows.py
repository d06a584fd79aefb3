"""Rows as they were stored."""

from datetime import timedelta

import pyarrow as pa

from lastgood.telemetry.tables import CHANGES, SPANS
from lastgood.telemetry.whole_rows import EPOCH, dictionaries, nanoseconds, present, rows_between, time_column
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from records import START


def test_rows_of_a_window_come_back_as_they_went_in(store: Store) -> None:
    """With their attributes; the end does not belong to it."""
    minute = timedelta(minutes=1)
    given = SPANS.rows(
        {
            "Timestamp": [START, START + minute],
            "ServiceName": ["a", "b"],
            "SpanAttributes": [[("k", "v")], []],
            "Duration": [7, 8],
        }
    )
    writer = Writer(store.engine, "x")
    writer.add(SPANS, given)
    writer.flush()
    found = rows_between(store.engine, SPANS, START, START + minute)

    assert [("a", [("k", "v")], 7)] == [
        (row["ServiceName"], row["SpanAttributes"], row["Duration"]) for row in found.to_pylist()
    ]
    assert {*SPANS.columns} == {*found.column_names}
    assert {SPANS.name, CHANGES.name} <= present(store.engine)
    assert 0 == rows_between(store.engine, CHANGES, START, START + minute).num_rows
    assert ("Timestamp", 1_000_000_000) == (time_column(SPANS), nanoseconds(EPOCH + timedelta(seconds=1)))


def test_times_of_nanoseconds_become_dictionaries() -> None:
    """Every OpenTelemetry SDK sends them; also in the events of a span. Other columns stay."""
    instant, exactly = pa.timestamp("ns", "UTC"), nanoseconds(START) + 789
    given = pa.table(
        {
            "Timestamp": pa.array([exactly], instant),
            "Events.Timestamp": pa.array([[exactly]], pa.list_(instant)),
            "SpanAttributes": pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
            "Duration": pa.array([7], pa.uint64()),
        }
    )

    assert [
        {"Timestamp": START, "Events.Timestamp": [START], "SpanAttributes": [("k", "v")], "Duration": 7}
    ] == dictionaries(given)
