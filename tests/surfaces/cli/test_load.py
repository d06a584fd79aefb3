"""`lastgood load` from outside: loading, explaining, listing rejects."""

import json
from pathlib import Path

import pytest

from commands import lastgood

FEED = (
    '{"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "payments", "id": "d1"}\n'
    '{"time": "2026-11-22T14:41:00", "kind": "deploy"}\n'
)


def test_nothing_to_load_is_a_usage_error(tmp_path: Path) -> None:
    """Without a path and without --rejects there is nothing to do."""
    shown = lastgood(tmp_path, "load")

    assert 2 == shown.returncode
    assert "Nothing to load" in shown.stderr


@pytest.mark.slow
def test_explaining_is_a_dry_run(tmp_path: Path) -> None:
    """The account goes to standard output, trouble to standard error, and nothing is stored; as for a proposed mapping."""
    feed, mapping = tmp_path / "changes.ndjson", tmp_path / "my.toml"
    feed.write_text(FEED)

    shown = lastgood(tmp_path, "load", str(feed), "--explain", "--rejects")
    assert 0 == shown.returncode
    assert "lines   2 = 1 event + 1 reject" in shown.stdout
    assert "1 row to store" in shown.stdout
    assert f"{feed}:2: " in shown.stdout
    assert "1 line rejected" in shown.stderr
    assert "nothing was stored" in shown.stderr

    proposed = lastgood(tmp_path, "load", str(feed), "--propose-map", str(mapping))
    assert "nothing was stored" in proposed.stderr
    assert f"lastgood load --map {mapping} {feed}" in proposed.stderr
    assert mapping.exists()
    assert "no rejects" in lastgood(tmp_path, "load", "--rejects").stderr
    assert 3 == lastgood(tmp_path, "holdings").returncode


@pytest.mark.slow
def test_rejects_are_kept(tmp_path: Path) -> None:
    """And listed later, with their places."""
    feed = tmp_path / "changes.ndjson"
    feed.write_text(FEED)
    assert 0 == lastgood(tmp_path, "load", str(feed)).returncode

    listed = lastgood(tmp_path, "load", "--rejects", "-o", "json")
    (reject,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert (str(feed), 2) == (reject["path"], reject["line"])
