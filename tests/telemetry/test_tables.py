"""The tables: what makes them durable is on every one of them."""

from lastgood.telemetry.tables import TABLES
from lastgood.workbench.store import Store

# Each of these, left out, lost acknowledged rows or the whole store in a simulated power cut.
REQUIRED = (
    "fsync_after_insert = 1",
    "fsync_part_directory = 1",
    "min_rows_to_fsync_after_merge = 1",
    "min_compressed_bytes_to_fsync_after_merge = 1",
    "max_suspicious_broken_parts = 1000000",
    "max_suspicious_broken_parts_bytes = 1000000000000",
    "non_replicated_deduplication_window = 10000",
)


def test_every_table_syncs_what_it_acknowledges(store: Store) -> None:
    """As the engine itself reports it."""
    found = store.engine.query(
        "SELECT name, engine_full FROM system.tables WHERE database = {database:String}",
        {"database": store.engine.database},
    ).rows
    assert {table.name for table in TABLES} == {row["name"] for row in found}
    assert [] == [
        (row["name"], setting) for row in found for setting in REQUIRED if setting not in row["engine_full"]
    ]


def test_the_database_is_atomic(store: Store) -> None:
    """The embedded engine's default database is of a kind that refuses materialized views."""
    assert [{"engine": "Atomic"}] == store.engine.query(
        "SELECT engine FROM system.databases WHERE name = {name:String}", {"name": store.engine.database}
    ).rows


def test_every_column_that_intake_fills_exists(store: Store) -> None:
    """The Arrow types and the DDL do not drift apart."""
    for table in TABLES:
        found = store.engine.query(
            "SELECT name FROM system.columns WHERE database = {d:String} AND table = {t:String}",
            {"d": store.engine.database, "t": table.name},
        ).rows
        assert set(table.columns) <= {row["name"] for row in found}
