"""Recorded rows, and how they play."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lastgood.algorithms.replayed import Piece
from lastgood.errors import NoDataError, UsageError
from lastgood.model.drill import Course
from lastgood.model.window import Window
from lastgood.telemetry.tables import CHANGES, LOGS, SPANS
from lastgood.workbench import drill_recording
from lastgood.workbench.drill_recording import played_rows, recorded, save_recording
from lastgood.workbench.store import Store
from own_drills import BEGAN, OPENED, fill

HOUR = timedelta(hours=1)
WHOLE = Window(OPENED - HOUR, OPENED + HOUR)
TURNED = OPENED + timedelta(minutes=14)
COURSE = Course(WHOLE.start, BEGAN, OPENED, TURNED, TURNED, WHOLE.end)


def test_a_course_without_telemetry_of_its_fault_is_refused(store: Store) -> None:
    """Of the time before and after alone no drill is made."""
    fill(store)
    fault = f"Timestamp >= '{BEGAN:%Y-%m-%d %H:%M:%S}' AND Timestamp < '{OPENED:%Y-%m-%d %H:%M:%S}'"
    for table in (SPANS, LOGS):
        store.engine.command(f"DELETE FROM {store.engine.database}.{table.name} WHERE {fault}")

    with pytest.raises(NoDataError, match="no telemetry of the fault, from 2026-11-20 10:30 to 10:36 UTC"):
        recorded(store.engine, COURSE)


def test_a_piece_is_moved_and_a_repeated_request_is_another(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes after the page are not recorded; too many rows are refused."""
    fill(store)
    save_recording(tmp_path / "r", recorded(store.engine, COURSE))
    part = Window(OPENED, OPENED + timedelta(minutes=1))
    first, again = (
        {table.name: rows for table, rows in played_rows(tmp_path / "r", [Piece(part, HOUR, lap)])}
        for lap in (1, 2)
    )
    early = played_rows(tmp_path / "r", [Piece(WHOLE, HOUR, 0)])
    changes = next(rows for table, rows in early if table is CHANGES)

    assert ["checkout-v42"] == changes["Id"].to_pylist()
    times = first[SPANS.name]["Timestamp"].to_pylist()
    assert times == again[SPANS.name]["Timestamp"].to_pylist()
    assert OPENED + HOUR <= min(times) <= max(times) < OPENED + HOUR + timedelta(minutes=1)
    assert not {*first[SPANS.name]["TraceId"].to_pylist()} & {*again[SPANS.name]["TraceId"].to_pylist()}
    monkeypatch.setattr(drill_recording, "MOST_RECORDED", 10)
    with pytest.raises(UsageError, match="more than 10 rows"):
        recorded(store.engine, COURSE)
    with pytest.raises(UsageError, match="has more than 10 rows"):
        list(played_rows(tmp_path / "r", [Piece(part, HOUR, 1)]))
    monkeypatch.undo()
    other = tmp_path / "r" / "otel_logs.parquet"
    for content in (b"no", _parquet({"x": [1]}), _parquet({name: ["x"] for name in LOGS.columns})):
        other.write_bytes(content)
        with pytest.raises(UsageError, match="cannot be read"):
            list(played_rows(tmp_path / "r", [Piece(part, HOUR, 1)]))


def _parquet(columns: dict[str, list[object]]) -> bytes:
    written = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), written)
    return bytes(written.getvalue())
