"""Requests that went from one part to another, and what names both."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.what_changed.traffic_moved import Moved, moving, read_moved
from lastgood.inspections.what_changed.weights import MOVED_DOWN, MOVED_UP, MOVES_ONE, MOVES_TRAFFIC
from lastgood.model.change import ChangeKind
from lastgood.model.judgement import Weight
from lastgood.workbench.store import Store

SHIFT = [Moved("cloud.region", {"north": 2.0}, {"south": 0.0})]
TEXT = """scenario  requests go north
time      2026-11-20 10:00 .. 10:40
seed      4

service   tiles instances=t-1
spans     tiles "GET /tile" rate=1/s latency=5ms cloud.region=north then rate={north}/s at 10:20
spans     tiles "GET /tile" rate=1/s latency=5ms cloud.region=south then rate={south}/s at 10:20
spans     tiles "GET /tile" rate=1/s latency=5ms cloud.region=west
"""


@pytest.mark.parametrize(("north", "south", "many"), [(2, 0, 1), (1, 0, 0), (2, 1, 0)])
def test_one_part_gains_what_another_loses(
    store: Store, tmp_path: Path, north: int, south: int, many: int
) -> None:
    """More everywhere, or less everywhere, is no move; what stays is in neither."""
    text = TEXT.format(north=north, south=south)
    moved = read_moved(case_of(store, reported(store, tmp_path, text, 20)))

    assert many == len(moved)
    for one in moved:
        assert ({"north"}, {"south"}) == (set(one.gaining), set(one.losing))
        assert MOVED_UP <= one.gaining["north"]
        assert MOVED_DOWN >= one.losing["south"]


@pytest.mark.parametrize(
    ("kind", "said", "rows"),
    [
        (ChangeKind.CONFIG, "weights: north 50 → 100, south 50 → 0", [MOVES_TRAFFIC]),
        (ChangeKind.INFRASTRUCTURE, "drain south", [MOVES_ONE]),
        (ChangeKind.CONFIG, "weights: north-2 and south-east", []),
        (ChangeKind.CONFIG, "a larger pool in north", []),
        (ChangeKind.DEPLOY, "north and south", []),
    ],
)
def test_what_names_the_parts_moves_them(kind: ChangeKind, said: str, rows: list[Weight]) -> None:
    """Both ends tell most; a build of a service sends nothing elsewhere."""
    assert rows == [reason.row for reason in moving(kind, said, SHIFT)]
