"""Partitions: what the tables of telemetry are divided into, with sizes and times; and dropping one."""

from lastgood.model.clock import from_nanoseconds
from lastgood.model.retention import Division
from lastgood.model.signal import TELEMETRY, Signal
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.holdings import SOURCES

_SQL = """
SELECT table, partition_id AS identity, sum(rows) AS rows, sum(bytes_on_disk) AS size,
       toUInt32(min(min_time)) AS first, toUInt32(max(max_time)) AS last
FROM system.parts WHERE active AND database = {database:String} AND table IN {tables:Array(String)}
GROUP BY table, partition_id ORDER BY last, table, partition_id"""

_HELD = """
SELECT sum(rows) AS rows FROM system.parts
WHERE active AND database = {database:String} AND table IN {tables:Array(String)}"""


def partitions(engine: Engine) -> tuple[Division, ...]:
    """The partitions of all telemetry, the oldest first.

    Raises:
        QueryFailedError: the engine does not tell.
    """
    signals: dict[str, Signal] = {table: signal for signal in TELEMETRY for table, _, _ in SOURCES[signal]}
    found = engine.query(_SQL, {"database": engine.database, "tables": sorted(signals)})
    return tuple(
        Division(
            signals[row["table"]],
            row["table"],
            row["identity"],
            from_nanoseconds(row["first"] * 10**9),
            from_nanoseconds(row["last"] * 10**9),
            row["rows"],
            row["size"],
        )
        for row in found.rows
    )


def rows_held(engine: Engine, signal: Signal) -> int:
    """How many rows the tables of a signal have.

    Raises:
        QueryFailedError: the engine does not tell.
    """
    tables = sorted(table for table, _, _ in SOURCES[signal])
    found = engine.query(_HELD, {"database": engine.database, "tables": tables})
    return int(found.rows[0]["rows"])


def drop(engine: Engine, division: Division) -> None:
    """Drop a partition with all its rows.

    Raises:
        QueryFailedError: the engine refused.
    """
    engine.command(
        f"ALTER TABLE `{engine.database}`.`{division.table}` DROP PARTITION ID '{division.identity}'"
    )
