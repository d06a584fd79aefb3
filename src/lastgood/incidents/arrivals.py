"""Arrivals: deliveries of webhooks, each taken once, and which incident an alert came to."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from lastgood.incidents.database import Database, Transaction


class Arrivals:
    """What came in from outside. Any number of threads and processes may use it at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alone(self) -> AbstractContextManager[None]:
        """A block that one server runs at a time: two may be sent the same alert at once."""
        return self._database.alone()

    def first(self, source: str, delivery: str, at: datetime) -> bool:
        """Whether a delivery comes for the first time; from now on it does not."""
        with self._database.writing() as transaction:
            done = transaction.run(
                "INSERT INTO lastgood_deliveries (source, delivery, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                source, delivery, at.isoformat(),
            )  # fmt: skip
            return bool(done.rowcount)

    def forget(self, source: str, delivery: str) -> None:
        """Let a delivery come again: it was not stored."""
        with self._database.writing() as transaction:
            transaction.run(
                "DELETE FROM lastgood_deliveries WHERE source = %s AND delivery = %s", source, delivery
            )

    def incident_of(self, alert: str) -> int | None:
        """The incident that an alert came to."""
        with self._database.reading() as transaction:
            found: int | None = transaction.value(
                "SELECT incident FROM lastgood_alerts WHERE alert = %s", alert
            )
        return found

    def near(self, group: str, service: str, at: datetime, within: timedelta) -> tuple[int, ...]:
        """The incidents of alerts of the same service or group that began within a time before or after: by service first, then the latest."""
        since, until = (at - within).isoformat(), (at + within).isoformat()
        with self._database.reading() as transaction:
            rows = transaction.rows(
                "SELECT incident, max(CASE WHEN service = %s THEN 1 ELSE 0 END) AS own, max(at) AS last FROM lastgood_alerts WHERE at >= %s AND at <= %s AND "
                "((alert_group = %s AND alert_group <> '') OR (service = %s AND service <> '')) "
                "GROUP BY incident ORDER BY own DESC, last DESC",
                service, since, until, group, service,
            )  # fmt: skip
        return tuple(incident for incident, _, _ in rows)

    def put(self, alert: str, incident: int, group: str, service: str, state: str, at: datetime) -> None:
        """Keep which incident an alert came to, its state, and when it began (UTC)."""
        with self._database.writing() as transaction:
            _forgotten(transaction, alert)
            transaction.run(
                "INSERT INTO lastgood_alerts (alert, incident, alert_group, service, state, at) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                alert, incident, group, service, state, at.isoformat(),
            )  # fmt: skip

    def services(self, incident: int) -> tuple[str, ...]:
        """The services of the alerts that came to an incident."""
        with self._database.reading() as transaction:
            rows = transaction.rows(
                "SELECT DISTINCT service FROM lastgood_alerts WHERE incident = %s ORDER BY service", incident
            )
        return tuple(service for (service,) in rows)

    def move(self, incident: int, to: int, service: str | None = None) -> None:
        """Let the alerts of an incident, or those of a service, be of another one."""
        one, name = ("", ()) if service is None else ("AND service = %s", (service,))
        with self._database.writing() as transaction:
            transaction.run(
                f"UPDATE lastgood_alerts SET incident = %s WHERE incident = %s {one}", to, incident, *name
            )

    def state_of(self, alert: str) -> str | None:
        """The last state of an alert; None where it never came."""
        with self._database.reading() as transaction:
            found: str | None = transaction.value("SELECT state FROM lastgood_alerts WHERE alert = %s", alert)
        return found


def _forgotten(transaction: Transaction, alert: str) -> None:
    transaction.run("DELETE FROM lastgood_alerts WHERE alert = %s", alert)
