"""What fits an incident."""

from dataclasses import replace
from pathlib import Path

from lastgood.model.failure import FailureKind
from lastgood.model.readiness import Piece
from lastgood.workbench.drill_list import drills
from lastgood.workbench.suggestions import MOST_DRILLS, suggestions
from postmortems import ASSESSED
from rooms import room_in


def test_easy_drills_of_the_class_come_first(tmp_path: Path) -> None:
    """And only a few; a piece is named where a question had no answer."""
    known = ASSESSED.failure_class
    assert known is not None
    with room_in(tmp_path) as room:
        room.append(replace(ASSESSED, path=None, failure_class=replace(known, name=FailureKind.CONFIG_ERROR)))
        found = suggestions(room.incident, (Piece.TRACES,))
    same = [one.name for one in drills() if one.truth.failure_class == "config_error"]

    assert tuple(same[:MOST_DRILLS]) == found.drills
    assert (Piece.TRACES,) == found.pieces
    assert not found.own
