"""Partitions: a day each in a store that a server made, a month each in others."""

from datetime import timedelta

from lastgood.model.signal import Signal
from lastgood.telemetry.partitions import drop, partitions
from lastgood.telemetry.tables import LOGS, TABLES, by_day
from lastgood.workbench.store import Store
from lives import after, write_lines


def test_the_oldest_goes_with_its_rows(store: Store) -> None:
    """And nothing else."""
    write_lines(store, (after(0) - timedelta(days=40), "web", 9, "old"), (after(0), "web", 9, "new"))
    old, new = partitions(store.engine)
    assert [(Signal.LOGS, "otel_logs", 1)] * 2 == [(one.signal, one.table, one.rows) for one in (old, new)]
    assert old.last < new.first
    assert old.size > 0

    drop(store.engine, old)
    assert ["new"] == [row["Body"] for row in store.engine.query("SELECT Body FROM lastgood.otel_logs").rows]
    assert (new,) == partitions(store.engine)


def test_every_table_of_telemetry_can_be_divided_by_days() -> None:
    """The others have no partitions, and stay as they are."""
    for table in TABLES:
        assert table.name.startswith("otel_") == ("PARTITION BY" in table.ddl)
        assert ("toYYYYMM(" in table.ddl) == ("PARTITION BY toDate(" in by_day(table.ddl))
    assert "toYYYYMM" not in by_day(LOGS.ddl)
