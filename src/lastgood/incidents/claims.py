"""Claims: which of several servers looks after an incident. One of them has it, as a row, until it does not renew it."""

from lastgood.incidents.database import Database

LEASE = 30  # seconds after which another server may have what was not renewed

_TAKE = (
    "INSERT INTO lastgood_claims (incident, owner, until, cancelled) VALUES (%s, %s, {now} + %s, 0) "
    "ON CONFLICT (incident) DO UPDATE SET owner = excluded.owner, until = excluded.until "
    "WHERE lastgood_claims.cancelled = 0 AND (lastgood_claims.owner = excluded.owner OR lastgood_claims.until < {now})"
)
_MARK = (
    "INSERT INTO lastgood_claims (incident, owner, until, cancelled) VALUES (%s, '', 0, %s) "
    "ON CONFLICT (incident) DO UPDATE SET cancelled = excluded.cancelled"
)


class Claims:
    """What one server has claimed; `owner` is its name, the same after a restart over the same embedded store."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    def take(self, incident: int) -> bool:
        """Whether this server has an incident from now on: no other server has it, and no person cancelled it.

        Raises:
            RecordFailedError: the database does not answer.
        """
        with self._database.writing() as transaction:
            sql = _TAKE.format(now=transaction.now)
            return bool(transaction.run(sql, incident, self._owner, LEASE).rowcount)

    def renew(self) -> frozenset[int]:
        """The incidents that this server still has, each for another lease.

        Raises:
            RecordFailedError: the database does not answer.
        """
        with self._database.writing() as transaction:
            mine = "owner = %s AND cancelled = 0 AND until > 0"
            transaction.run(
                f"UPDATE lastgood_claims SET until = {transaction.now} + %s WHERE {mine}", LEASE, self._owner
            )
            found = transaction.rows(f"SELECT incident FROM lastgood_claims WHERE {mine}", self._owner)
        return frozenset(number for (number,) in found)

    def cancel(self, incident: int) -> None:
        """Let no server look after an incident until `allow`."""
        with self._database.writing() as transaction:
            transaction.run(_MARK, incident, 1)

    def allow(self, incident: int) -> None:
        """Let any server look after an incident again."""
        with self._database.writing() as transaction:
            transaction.run(_MARK, incident, 0)

    def release(self, incident: int | None = None) -> None:
        """Let another server have an incident, or all of them, at once."""
        one, number = ("", ()) if incident is None else ("AND incident = %s", (incident,))
        with self._database.writing() as transaction:
            transaction.run(
                f"UPDATE lastgood_claims SET until = 0 WHERE owner = %s {one}", self._owner, *number
            )
