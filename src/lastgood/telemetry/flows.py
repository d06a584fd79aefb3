"""Flows: what came in during the last hour, signal by signal and service by service."""

from datetime import datetime, timedelta
from typing import Any

from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.flow import Flow
from lastgood.model.signal import TELEMETRY
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.holdings import SOURCES
from lastgood.telemetry.layout import Layout

LOOKED_AT = timedelta(hours=1)
RECENT = timedelta(minutes=5)
_LIMITS = {"max_execution_time": 3}
_NANOSECONDS = "toUnixTimestamp64Nano(toDateTime64({}, 9, 'UTC'))"


def flows(engine: Engine, layout: Layout, now: datetime) -> tuple[Flow, ...]:
    """The flows of the hour before now, by signal and service.

    Raises:
        BudgetError: the store took too long.
    """
    found: dict[tuple[str, str], Flow] = {}
    for signal in sorted(TELEMETRY):
        for table, time, service in SOURCES[signal]:
            if not layout.has(table):
                continue
            for row in _rows(engine, table, time, service, now):
                one = Flow(
                    signal, row["service"], row["n"], row["recent"], from_nanoseconds(row["low"]), from_nanoseconds(row["high"])
                )  # fmt: skip
                key = (signal.value, one.service)
                found[key] = _joined(found[key], one) if key in found else one
    return tuple(found[key] for key in sorted(found))


def _rows(engine: Engine, table: str, time: str, service: str, now: datetime) -> list[dict[str, Any]]:
    instant = "fromUnixTimestamp64Nano({{{}:Int64}}, 'UTC')".format
    sql = f"""
    SELECT {service} AS service, count() AS n, countIf({time} >= {instant("recent")}) AS recent,
           {_NANOSECONDS.format(f"min({time})")} AS low, {_NANOSECONDS.format(f"max({time})")} AS high
    FROM {engine.database}.{table} WHERE {time} >= {instant("since")} AND {time} <= {instant("until")}
    GROUP BY service ORDER BY service LIMIT 500"""
    values = {"recent": now - RECENT, "since": now - LOOKED_AT, "until": now}
    return engine.query(sql, {name: to_nanoseconds(value) for name, value in values.items()}, _LIMITS).rows


def _joined(one: Flow, other: Flow) -> Flow:
    return Flow(
        one.signal,
        one.service,
        one.rows + other.rows,
        one.recent + other.recent,
        min(one.first, other.first),
        max(one.last, other.last),
    )
