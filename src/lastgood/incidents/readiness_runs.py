"""Readiness runs: what was measured, each time that a person kept it; nothing is edited."""

from datetime import datetime

import msgspec

from lastgood.errors import RecordBrokenError
from lastgood.incidents.database import Database
from lastgood.model.readiness import KeptRun


class ReadinessRuns:
    """The kept runs of one record. Any number of processes may write to it at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, run: KeptRun, *, actor: str, at: datetime) -> None:
        """Add one, measured at a time.

        Raises:
            RecordFailedError: it could not be written.
        """
        with self._database.writing() as transaction:
            transaction.run(
                "INSERT INTO lastgood_readiness (at, actor, measured) VALUES (%s, %s, %s)",
                at.isoformat(), actor, msgspec.json.encode(run).decode(),
            )  # fmt: skip

    def kept(self) -> tuple[KeptRun, ...]:
        """All of them, the first one first.

        Raises:
            RecordBrokenError: one cannot be read.
        """
        with self._database.reading() as transaction:
            rows = transaction.rows("SELECT measured FROM lastgood_readiness")
        try:
            found = [msgspec.json.decode(measured, type=KeptRun) for (measured,) in rows]
        except msgspec.DecodeError as problem:
            raise RecordBrokenError(f"A kept readiness run cannot be read: {problem}.") from problem
        return tuple(sorted(found, key=lambda one: one.at))
