"""Rejects as they are kept."""

from datetime import UTC, datetime
from pathlib import Path

from lastgood.workbench.load import load
from lastgood.workbench.rejects import rejects
from lastgood.workbench.store import Store


def test_rejects_are_counted_beyond_the_limit(store: Store, tmp_path: Path) -> None:
    """The first are given in the order of the file, and the number of all."""
    good = '{"time": "2026-11-22T14:41:00Z", "kind": "deploy"}\n'
    (tmp_path / "feed.ndjson").write_text(good + '{"time": "never", "kind": "deploy"}\n' * 3)
    now = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    load(store, [tmp_path], now=now, zone=UTC)

    kept = rejects(store, 2)

    assert 3 == kept.total
    assert [2, 3] == [reject.line for reject in kept.items]
    assert now == kept.items[0].loaded_at
