"""Small rows for tests of the store."""

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from lastgood.model.clock import to_nanoseconds
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.joined import FOLDER
from lastgood.telemetry.tables import LOGS, SPANS, TABLES
from lastgood.telemetry.writer import Writer, create_tables
from lastgood.workbench.store import Store

START = datetime(2026, 11, 22, 14, tzinfo=UTC)


_MADE = set[str]()  # the tables that were made here, by their UUID


def emptied(engine: Engine) -> Store:
    """A store with every table and no row; only what a test before has touched is emptied or made anew."""
    kept = set[str]()
    if engine.folder is not None:
        shutil.rmtree(engine.folder / FOLDER, ignore_errors=True)  # which inputs are stored
    for table in _found(engine):
        if table["id"] not in _MADE:  # of another generation, say
            engine.command(f"DROP TABLE {engine.database}.`{table['name']}` SYNC")
            continue
        kept.add(table["name"])
        if table["filled"]:
            engine.command(f"TRUNCATE TABLE {engine.database}.{table['name']}")
    if kept < {table.name for table in TABLES}:
        create_tables(engine)
        _MADE.update(table["id"] for table in _found(engine))
    return Store(engine)


def _found(engine: Engine) -> list[dict[str, Any]]:
    return engine.query(
        "SELECT name, toString(uuid) AS id, total_rows > 0 AS filled FROM system.tables WHERE database = {database:String}",
        {"database": engine.database},
    ).rows


def times(moments: list[datetime]) -> pa.Array:
    """Times as the tables take them."""
    return pa.array([to_nanoseconds(moment) for moment in moments], pa.int64()).cast(
        pa.timestamp("ns", "UTC")
    )


def put_lines(store: Store, count: int, service: str = "pay", **attributes: str) -> None:
    """Log lines, one a second from START."""
    put_lines_from(store, START, count, service, attributes)


def put_lines_from(
    store: Store, start: datetime, count: int, service: str = "pay", attributes: dict[str, str] | None = None
) -> None:
    """Log lines, one a second from a time on."""
    rows = LOGS.rows(
        {
            "Timestamp": times([start + timedelta(seconds=n) for n in range(count)]),
            "ServiceName": [service] * count,
            "Body": [f"{service} {n}" for n in range(count)],
            "LogAttributes": [attributes or {}] * count,
        }
    )
    writer = Writer(store.engine, f"{service}{start}{attributes}")
    writer.add(LOGS, rows)
    writer.flush()


def put_spans(store: Store, count: int, state: str = "", **attributes: str) -> None:
    """Root spans with a trace state, one a second from START."""
    rows = SPANS.rows(
        {
            "Timestamp": times([START + timedelta(seconds=n) for n in range(count)]),
            "TraceId": [f"{n:032x}" for n in range(1, count + 1)],
            "SpanId": [f"{n:016x}" for n in range(1, count + 1)],
            "TraceState": [state] * count,
            "ServiceName": ["pay"] * count,
            "SpanAttributes": [attributes] * count,
        }
    )
    writer = Writer(store.engine, f"spans {state}{attributes}")
    writer.add(SPANS, rows)
    writer.flush()
