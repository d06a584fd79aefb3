"""Recorded rows, and how they play."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.replayed import Piece
from lastgood.errors import UsageError
from lastgood.model.window import Window
from lastgood.telemetry.tables import CHANGES, SPANS
from lastgood.workbench import drill_recording
from lastgood.workbench.drill_recording import played_rows, recorded, save_recording
from lastgood.workbench.store import Store
from own_drills import OPENED, fill

HOUR = timedelta(hours=1)
WHOLE = Window(OPENED - HOUR, OPENED + HOUR)


def test_a_piece_is_moved_and_a_repeated_request_is_another(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes after the page are not recorded; too many rows are refused."""
    fill(store)
    save_recording(tmp_path / "r", recorded(store.engine, WHOLE, OPENED))
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
        recorded(store.engine, WHOLE, OPENED)
    (tmp_path / "r" / "otel_logs.parquet").write_bytes(b"no")
    with pytest.raises(UsageError, match="cannot be read"):
        list(played_rows(tmp_path / "r", [Piece(part, HOUR, 1)]))
