"""The table of kept runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.errors import RecordBrokenError, RecordFailedError
from lastgood.incidents.database import Database, open_database
from lastgood.incidents.readiness_runs import ReadinessRuns
from lastgood.model.readiness import Measured, Piece, kept_run
from model.test_readiness import START, of

RUN = kept_run(of(Measured(Piece.TRACES, 0, 3, "web", "mail")), START)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'record.db'}")
    yield opened
    opened.close()


def test_a_run_survives_whole(database: Database) -> None:
    """Gaps between two services too."""
    runs = ReadinessRuns(database)
    runs.keep(RUN, actor="kim", at=START)

    assert (RUN,) == runs.kept()


def test_a_run_is_never_edited(database: Database) -> None:
    """The database refuses; what cannot be read is said."""
    runs = ReadinessRuns(database)
    runs.keep(RUN, actor="kim", at=START)
    for statement in ("DELETE FROM lastgood_readiness", "UPDATE lastgood_readiness SET actor = 'lee'"):
        with pytest.raises(RecordFailedError, match="append-only"), database.writing() as transaction:
            transaction.run(statement)
    with database.writing() as transaction:
        transaction.run("INSERT INTO lastgood_readiness (at, actor, measured) VALUES ('', '', '{}')")
    with pytest.raises(RecordBrokenError, match="cannot be read"):
        runs.kept()
