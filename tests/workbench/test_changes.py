"""The change feed."""

import pytest

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
