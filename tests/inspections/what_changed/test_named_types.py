"""Types that new errors name, by the files that declare them."""

from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import change
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.inspections.what_changed.named_types import naming_type, read_named_types
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import NAMES_TYPE, WRITES_TYPE
from lastgood.workbench.store import Store

WORLD = """
scenario  a message that is not understood
seed      5
time      2026-11-20 10:00 .. 10:20
logs      billing info "served" rate=1/s
logs      billing error "cannot deserialize OrderPlaced" rate=0/min then rate=60/min at 10:10
logs      billing error "StockLevel is unknown" rate=30/min
"""
WRITER = change("c", "commit", 30, "orders", files=("src/OrderPlaced.java",))
OTHERS = [
    change("d", "commit", 30, "orders", files=("src/StockLevel.java",)),
    change("e", "commit", 30, "orders", files=("src/Order.java", "OrderPlaced.md")),
]


@pytest.mark.parametrize(
    ("trouble", "found"), [(Trouble.BAD_DATA, {"OrderPlaced"}), (Trouble.TIMEOUT, set())]
)
def test_a_type_that_new_errors_name(store: Store, tmp_path: Path, trouble: Trouble, found: set[str]) -> None:
    """Of what cannot be read; errors that were as frequent before name nothing."""
    case = case_of(store, reported(store, tmp_path, WORLD, 10))

    assert found == read_named_types(case, [WRITER, *OTHERS], Symptoms(frozenset({trouble}), {}))


def test_the_commit_that_touches_its_file_is_tied_to_it() -> None:
    """No other file of its name, and no deploy by itself."""
    named = frozenset({"OrderPlaced"})

    assert [WRITES_TYPE, NAMES_TYPE] == [reason.row for reason in naming_type(WRITER, named)]
    assert [] == [reason for one in OTHERS for reason in naming_type(one, named)]
