"""Kept measurements of readiness."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lastgood.model.readiness import Measured, Piece
from lastgood.workbench.readiness_trend import keep, kept
from model.test_readiness import HOUR, START, of
from rooms import config_in


def test_runs_come_back_as_they_were_kept(tmp_path: Path) -> None:
    """In order of time, whoever kept them first."""
    record = config_in(tmp_path).record
    found = of(Measured(Piece.USERS, 1, 10, "web"), Measured(Piece.DEPLOYS, 1, 1))
    later = replace(found, measured=(Measured(Piece.USERS, 9, 10, "web"), Measured(Piece.DEPLOYS, 1, 1)))
    assert () == kept(record)
    keep(record, later, actor="kim", at=HOUR.end)
    keep(record, found, actor="kim", at=START - timedelta(days=1))
    first, last = kept(record)

    assert (round(found.score, 2), round(later.score, 2)) == (first.score, last.score)
    assert {Piece.USERS: 0.1, Piece.DEPLOYS: 1.0} == first.parts
    assert (Piece.USERS,) == tuple(one.piece for one in last.mended_since(first))
