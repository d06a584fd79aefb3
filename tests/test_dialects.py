"""Dialects: whole files as many programs write them, each read as events with the right levels and services."""

import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lastgood.decoding.input import Batch, Input, Reject, Settings
from lastgood.intake._registry import best_claim
from lastgood.telemetry.tables import LOGS

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
BOUNDS = ((1, "trace"), (5, "debug"), (9, "info"), (13, "warn"), (17, "error"), (21, "fatal"))


def _cases() -> list[Any]:
    files = sorted((Path(__file__).parent / "dialects").glob("*.toml"))
    cases = [(file.stem, case) for file in files for case in tomllib.loads(file.read_text())["cases"]]
    return [pytest.param(case, id=f"{stem}: {case['about']}") for stem, case in cases]


@pytest.mark.table
@pytest.mark.parametrize("case", _cases())
def test_a_file_is_read_as_its_program_means_it(case: dict[str, Any]) -> None:
    """Events, levels, services, first and last time, and texts where a case names them."""
    given = Input(None, case["file"], case["text"].removeprefix("\n").encode())
    claim = best_claim(given)
    assert claim is not None
    items = list(claim[0].decode(given, claim[1], Settings(NOW, UTC)))
    rows = [row for b in items if isinstance(b, Batch) and b.table is LOGS for row in b.rows.to_pylist()]

    levels = Counter(_level(row["SeverityNumber"]) for row in rows)
    del levels[""]
    assert len(rows) == case.get("events", sum(case.get("levels", {}).values()) or len(rows))
    if "levels" in case:
        assert dict(levels) == case["levels"]
    if "services" in case:
        assert {row["ServiceName"] for row in rows} - {""} == set(case["services"])
    times = sorted(row["Timestamp"].to_pydatetime(warn=False).astimezone(UTC) for row in rows)
    for name, place in (("first", 0), ("last", -1)):
        if name in case:
            assert times[place] == datetime.fromisoformat(case[name]).replace(tzinfo=UTC)
    assert [row["Body"] for row in rows][: len(case.get("bodies", ()))] == case.get("bodies", [])
    assert sum(isinstance(item, Reject) for item in items) == case.get("rejects", 0)


def _level(number: int) -> str:
    return next((name for bound, name in reversed(BOUNDS) if number >= bound), "")
