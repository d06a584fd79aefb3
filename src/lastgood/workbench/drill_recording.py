"""Drill recording: the telemetry of an incident's window in files of its own; and played from there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lastgood.algorithms.replayed import Piece
from lastgood.errors import UsageError
from lastgood.model import figures
from lastgood.model.drill import Course
from lastgood.model.window import Window
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.tables import (
    ALERTS,
    CALLS,
    CHANGES,
    PATTERN_ALIASES,
    REJECTS,
    SHAPES,
    TABLES,
    StoreTable,
)
from lastgood.telemetry.whole_rows import EPOCH, nanoseconds, present, rows_between, time_column
from lastgood.workbench.drill_fault import no_telemetry
from lastgood.workbench.recording_names import by_chunk, offsets

MOST_RECORDED = 1_000_000  # rows of a drill: more take minutes and gigabytes to play
NOT_RECORDED = {REJECTS.name, SHAPES.name, PATTERN_ALIASES.name}
UNTIL_PAGE = {CHANGES.name, ALERTS.name, CALLS.name}  # later ones would show what was done


def recorded(engine: Engine, course: Course) -> dict[str, pa.Table]:
    """The rows of a course by table; changes and alerts only up to the page.

    Raises:
        NoDataError: the store holds no telemetry of its fault before the page.
        UsageError: they are too many.
    """
    there = present(engine)
    found, rows = {}, 0
    for table in TABLES:
        if table.name not in there or table.name in NOT_RECORDED:
            continue
        end = course.page if table.name in UNTIL_PAGE else course.end
        start = EPOCH if table is CALLS else course.start
        part = rows_between(engine, table, start, end)
        rows += part.num_rows
        if rows > MOST_RECORDED:
            raise UsageError(
                f"The window of this incident has more than {figures.count(MOST_RECORDED)} rows.",
                hint="Load a sample of its telemetry into a store of its own, and name it with --store.",
            )
        if part.num_rows:
            found[table.name] = part
    fault = Window(course.onset, course.page)
    telemetry = (table for table in TABLES if table.name in found.keys() - UNTIL_PAGE)
    if not any(_between(table, found[table.name], fault).num_rows for table in telemetry):
        raise no_telemetry(fault)
    return found


def save_recording(folder: Path, tables: dict[str, pa.Table]) -> None:
    """One file for each table."""
    folder.mkdir(parents=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def played_rows(folder: Path, parts: list[Piece]) -> Iterator[tuple[StoreTable, pa.Table]]:
    """The rows of these pieces of a recording, moved to the player's clock.

    Raises:
        UsageError: a file of the recording cannot be read, or holds too many rows or other columns.
    """
    for table in TABLES:
        file = folder / f"{table.name}.parquet"
        if not file.is_file():
            continue
        try:
            whole = _read(file, table)
        except (OSError, KeyError, pa.ArrowException) as problem:
            raise UsageError(f"{file} cannot be read: {problem}.", hint="Make the drill anew.") from problem
        for part in parts:
            if part.lap and table.name in UNTIL_PAGE:
                continue
            rows = _moved(_between(table, whole, part.source), part)
            if rows.num_rows:
                yield table, rows


def _read(file: Path, of: StoreTable) -> pa.Table:
    """All rows of a file, with the columns of its table: another person may have made it."""
    if pq.read_metadata(file).num_rows > MOST_RECORDED:
        raise pa.ArrowInvalid(f"it has more than {figures.count(MOST_RECORDED)} rows")
    whole = pq.read_table(file)
    return pa.table({name: whole[name].cast(kind) for name, kind in of.columns.items()})


def _between(of: StoreTable, table: pa.Table, window: Window) -> pa.Table:
    if of is CALLS:
        return table
    time = table[time_column(of)]
    low, high = (pa.scalar(nanoseconds(one)).cast(time.type) for one in (window.start, window.end))
    return table.filter(pc.and_(pc.greater_equal(time, low), pc.less(time, high)))


def _moved(table: pa.Table, part: Piece) -> pa.Table:
    columns = {name: _shifted(table[name], part.shift) for name in table.column_names}
    if part.lap > 1 and "TraceId" in columns:  # the same requests again are other requests
        ids, mark = columns["TraceId"], f"{part.lap:04x}"
        columns["TraceId"] = pc.if_else(
            pc.greater(pc.utf8_length(ids), len(mark)), pc.utf8_replace_slice(ids, 0, len(mark), mark), ids
        )
    return pa.table(columns)


def _shifted(column: pa.ChunkedArray, shift: timedelta) -> pa.ChunkedArray:
    by = pa.scalar(shift // timedelta(microseconds=1) * 1000, pa.int64()).cast(pa.duration("ns"))
    if pa.types.is_timestamp(column.type):
        return pc.add(column, by)
    if pa.types.is_list(column.type) and pa.types.is_timestamp(column.type.value_type):
        return by_chunk(column, lambda one: pa.ListArray.from_arrays(offsets(one), pc.add(one.flatten(), by)))
    return column
