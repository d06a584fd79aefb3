"""`lastgood changes` from outside."""

import json
from pathlib import Path

import pytest

from commands import lastgood


@pytest.mark.slow
def test_changes_of_a_file(tmp_path: Path) -> None:
    """A line of JSON each, oldest first."""
    (tmp_path / "feed.ndjson").write_text(
        '{"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "pay", "id": "d2"}\n'
        '{"time": "2026-11-22T14:40:00Z", "kind": "flag", "service": "pay", "id": "f1"}\n'
    )

    shown = lastgood(tmp_path / "home", "changes", str(tmp_path), "-o", "json")

    assert ["f1", "d2"] == [json.loads(line)["id"] for line in shown.stdout.splitlines()]
