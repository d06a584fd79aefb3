"""The writer: safe to repeat, whatever the span of time, and honest about what was not stored."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from lastgood.errors import CannotRunError
from lastgood.telemetry.tables import LOGS, StoreTable
from lastgood.telemetry.writer import ROWS_PER_INSERT, Writer
from lastgood.workbench.store import Store
from telemetry.rows import START, times


def stored(store: Store) -> int:
    return int(store.engine.query(f"SELECT count() AS n FROM {store.engine.database}.otel_logs").rows[0]["n"])


def lines(moments: list[datetime]) -> pa.Table:
    return LOGS.rows({"Timestamp": times(moments), "Body": [str(n) for n in range(len(moments))]})


def test_the_same_origin_twice_adds_nothing(store: Store) -> None:
    """Another origin with the same rows does: they are other rows."""
    for origin, expected in (("a", 3), ("a", 3), ("b", 6)):
        writer = Writer(store.engine, origin)
        writer.add(LOGS, lines([START] * 3))
        writer.flush()
        assert expected == stored(store)


def test_more_rows_than_one_insert_takes(store: Store) -> None:
    """They go in several, and all arrive."""
    writer = Writer(store.engine, "many")
    writer.add(LOGS, lines([START] * (ROWS_PER_INSERT + 5)))
    writer.flush()
    assert ROWS_PER_INSERT + 5 == stored(store)


def test_three_years_and_the_epoch_in_one_batch(store: Store) -> None:
    """Wide spans of time are many partitions, which an engine refuses above a hundred unless allowed."""
    moments = [START - timedelta(days=n) for n in range(3 * 366)]
    moments += [datetime(1970 + n // 12, 1 + n % 12, 1, tzinfo=UTC) for n in range(120)]
    writer = Writer(store.engine, "wide")
    writer.add(LOGS, lines(moments))
    writer.flush()
    assert len(moments) == stored(store)


def test_a_failed_insert_says_what_was_not_stored(store: Store) -> None:
    """With the number of rows and the table."""
    writer = Writer(store.engine, "nowhere")
    writer.add(StoreTable("no_such_table", LOGS.columns), lines([START] * 7))
    with pytest.raises(CannotRunError, match="7 rows for no_such_table were not stored"):
        writer.flush()
