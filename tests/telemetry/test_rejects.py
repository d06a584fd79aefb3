"""Rejects as the store keeps them."""

from typing import Any

from lastgood.model.clock import to_nanoseconds
from lastgood.telemetry.rejects import saved_rejects
from lastgood.telemetry.tables import REJECTS
from lastgood.workbench.store import Store
from lives import NOW
from worlds import put


def test_the_first_are_given_and_all_are_counted(store: Store) -> None:
    """In the order of the file."""
    columns: dict[str, list[Any]] = {
        "LoadedAt": [NOW] * 3,
        "Path": ["a"] * 3,
        "Line": [7, 2, 5],
        "Reason": ["no time"] * 3,
        "Text": ["x"] * 3,
    }
    put(store, REJECTS, columns, "")

    found = saved_rejects(store.engine, 2)

    assert (3, [2, 5]) == (found.total, [one.line for one in found.items])
    assert to_nanoseconds(NOW) == to_nanoseconds(found.items[0].loaded_at)
