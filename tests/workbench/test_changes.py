"""The change feed."""

from pathlib import Path

import pytest

from cases import reported
from lastgood.errors import NoDataError
from lastgood.workbench.changes import feed
from lastgood.workbench.store import Store
from lives import DAY, NOW, after, write_changes


def test_changes_come_in_order(store: Store) -> None:
    """The newest so many, oldest first; services can be chosen."""
    write_changes(
        store,
        ("d1", after(0), "deploy", "web"),
        ("f1", after(5), "flag", "web"),
        ("d2", after(9), "deploy", "pay"),
    )

    found = feed(store, now=NOW, limit=2)
    assert ["f1", "d2"] == [change.change_id for change in found.changes]
    assert found.cut_off
    assert found.onset is None

    chosen = feed(store, now=NOW, services=("web",), limit=9, window=DAY)
    assert ["d1", "f1"] == [change.change_id for change in chosen.changes]


def test_no_changes_on_record(store: Store) -> None:
    """That nothing is recorded is not the same as that nothing changed."""
    with pytest.raises(NoDataError, match="No changes are recorded"):
        feed(store, now=NOW, limit=9)


BUILDS = """
scenario  builds
seed      5
time      2026-11-20 10:00 .. 11:00
service   cart instances=c-1 version=v1 then version=v2 at 10:30
spans     cart "GET /cart" rate=1/s latency=5ms
"""


def test_a_build_that_only_telemetry_shows_is_among_them(store: Store, tmp_path: Path) -> None:
    """Without any feed; of other services it is left out."""
    now = reported(store, tmp_path, BUILDS, 30).bad.end

    (one,) = feed(store, now=now, limit=9).changes
    assert ("deploy", "cart", "v2", "telemetry") == (one.kind, one.service, one.version, one.source)

    write_changes(store, ("d1", now, "deploy", "web"))
    assert ["d1"] == [each.change_id for each in feed(store, now=now, limit=1).changes]
    assert 2 == len(feed(store, now=now, limit=2).changes)
