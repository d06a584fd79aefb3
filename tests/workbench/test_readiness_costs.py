"""Past incidents in which a question had no answer."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lastgood.model.entry import Mitigated
from lastgood.model.readiness import Measured, Piece
from lastgood.workbench.readiness_costs import lacked
from postmortems import ASSESSED, ONSET
from rooms import config_in, room_in


def test_an_incident_without_users_lacked_their_ids(tmp_path: Path) -> None:
    """With the minutes in which users were affected; one that lacked nothing, or was not confirmed, is not listed."""
    assert config_in(tmp_path).record
    assert ASSESSED.impact is not None
    nameless = replace(ASSESSED, impact=replace(ASSESSED.impact, users=None))
    with room_in(tmp_path) as room:
        room.append(nameless)
        room.append(Mitigated("rolled back"), at=ONSET + timedelta(minutes=30))
        (found,) = lacked(room.record)

    assert Piece.USERS in found.pieces
    assert 1800 == found.seconds
    assert found.is_of(Measured(Piece.USERS, 0, 10, "anything"))
    assert not found.is_of(Measured(Piece.LEVELS, 0, 10, found.services[0]))


def test_an_unconfirmed_incident_lacked_nothing_that_is_known(tmp_path: Path) -> None:
    """Nothing was asked of it."""
    with room_in(tmp_path) as room:
        assert () == lacked(room.record)
