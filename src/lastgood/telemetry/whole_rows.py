"""Whole rows: everything that a table holds of a stretch of time, as it was stored."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from lastgood.telemetry.engine import Engine
from lastgood.telemetry.tables import StoreTable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def present(engine: Engine) -> frozenset[str]:
    """The names of the tables that are there."""
    sql = "SELECT name FROM system.tables WHERE database = {database:String}"
    return frozenset(row["name"] for row in engine.query(sql, {"database": engine.database}).rows)


def rows_between(engine: Engine, table: StoreTable, start: datetime, end: datetime) -> pa.Table:
    """The rows of [start, end) with the columns and types that intake fills; without derived columns."""
    columns, time = ", ".join(f"`{name}`" for name in table.columns), time_column(table)
    instant = "fromUnixTimestamp64Nano({{{}:Int64}}, 'UTC')".format
    sql = (
        f"SELECT {columns} FROM `{engine.database}`.{table.name} "
        f"WHERE {time} >= {instant('low')} AND {time} < {instant('high')}"
    )
    given = engine.query(sql, {"low": nanoseconds(start), "high": nanoseconds(end)}).table
    return pa.table({name: given[name].cast(kind) for name, kind in table.columns.items()})


def dictionaries(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as dictionaries; what a time has below a microsecond is dropped: Python's datetime does not hold it."""
    kinds = pa.schema([(field.name, _in_microseconds(field.type)) for field in table.schema])
    found: list[dict[str, Any]] = table.cast(kinds, safe=False).to_pylist()
    return found


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.list_(_in_microseconds(kind.value_type)) if pa.types.is_list(kind) else kind


def time_column(table: StoreTable) -> str:
    """The name of the column that says when a row happened."""
    return "TimeUnix" if "TimeUnix" in table.columns else "Timestamp"


def nanoseconds(time: datetime) -> int:
    """Since 1970, exactly."""
    return (time - EPOCH) // timedelta(microseconds=1) * 1000
