"""Readiness trend: a measurement put into the record, and those that were kept there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from lastgood.incidents.database import open_database
from lastgood.incidents.readiness_runs import ReadinessRuns
from lastgood.model.readiness import KeptRun, Readiness, kept_run


def keep(record: str, found: Readiness, *, actor: str, at: datetime) -> None:
    """Put a measurement into the record at a URL.

    Raises:
        RecordFailedError: it could not be written.
    """
    with _runs(record) as runs:
        runs.keep(kept_run(found, at), actor=actor, at=at)


def kept(record: str) -> tuple[KeptRun, ...]:
    """The runs in the record at a URL, the first one first.

    Raises:
        RecordFailedError: it cannot be reached.
    """
    with _runs(record) as runs:
        return runs.kept()


@contextmanager
def _runs(record: str) -> Iterator[ReadinessRuns]:
    database = open_database(record)
    try:
        yield ReadinessRuns(database)
    finally:
        database.close()
