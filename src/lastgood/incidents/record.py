"""The record: incidents as append-only, chained entries that are durable once `append` has returned."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from lastgood.errors import NoIncidentError, RecordBrokenError, RecordMovedError, UsageError
from lastgood.incidents.chain import Line, canonical, digest, hash_of
from lastgood.incidents.database import Database, Transaction, open_database
from lastgood.incidents.payloads import read, stored
from lastgood.model.clock import Clock
from lastgood.model.entry import Entry, Opened, Payload

_COLUMNS = [field.name for field in fields(Line)]  # of lastgood_entries
_PAYLOAD = _COLUMNS.index("payload")
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM lastgood_entries"
_INSERT = f"INSERT INTO lastgood_entries ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
_ORDER = "ORDER BY incident, sequence"
_MARK_IMPORTED = "INSERT INTO lastgood_imported (incident, sequence) VALUES (%s, %s)"
_LAST_INCIDENT = "SELECT max(incident) FROM lastgood_entries"
_KEEP = "INSERT INTO lastgood_contents (hash, content) VALUES (%s, %s) ON CONFLICT DO NOTHING"


@contextmanager
def open_record(url: str, clock: Clock) -> Iterator["Record"]:
    """The record at a URL: `sqlite:///path` or `postgresql://host/database`. `clock` dates the writing.

    Raises:
        UsageError: the URL is not one of a record.
        RecordFailedError: the database cannot be reached or written.
    """
    database = open_database(url)
    try:
        yield Record(database, clock)
    finally:
        database.close()


class Record:
    """Incidents in one database. Any number of processes may write to it at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.written: list[Callable[[int], None]] = []  # called with the incident after each writing here

    def open(self, opened: Opened, *, actor: str, at: datetime | None = None) -> Entry:
        """The first entry of a new incident, with the next number.

        Raises:
            RecordFailedError: it could not be written.
        """
        with self._database.writing() as transaction:
            transaction.lock(0)
            number = (transaction.value(_LAST_INCIDENT) or 0) + 1
            entry = _inserted(transaction, self._line(number, 1, secrets.token_hex(32), opened, actor, at))
        return self._wrote(entry)

    def append(
        self,
        incident: int,
        payload: Payload,
        *,
        actor: str,
        at: datetime | None = None,
        after: int | None = None,
    ) -> Entry:
        """The entry as it was written: durable, and next in the incident's sequence.

        `at` is when it happened, now unless given. `after` is the last entry that the writer knew of; give it
        where what others wrote in the meantime could make this one wrong.

        Raises:
            NoIncidentError: there is no such incident.
            RecordMovedError: there are entries after `after`.
            RecordFailedError: it could not be written.
        """
        with self._database.writing() as transaction:
            transaction.lock(incident)
            last = transaction.row(
                "SELECT sequence, hash FROM lastgood_entries WHERE incident = %s ORDER BY sequence DESC LIMIT 1",
                incident,
            )
            if last is None:
                raise self._unknown(transaction, incident)
            sequence, previous = last
            if after is not None and sequence != after:
                raise RecordMovedError(
                    f"Incident {incident} has {sequence - after} new entries since you looked.",
                    hint=f"Look again (`lastgood incident show --incident {incident}`), then repeat.",
                )
            line = self._line(incident, sequence + 1, previous, payload, actor, at)
            entry = _inserted(transaction, line)
        return self._wrote(entry)

    def _wrote(self, entry: Entry) -> Entry:
        for one in self.written:
            one(entry.incident)
        return entry

    def adopt(self, lines: Sequence[Line]) -> int:
        """The number of an incident that comes from another record; entries that are here already stay as they are.

        Raises:
            UsageError: the incident is here and went another way; says from which entry on.
            RecordFailedError: it could not be written.
        """
        with self._database.writing() as transaction:
            transaction.lock(0)
            known = transaction.value(
                "SELECT incident FROM lastgood_entries WHERE sequence = 1 AND previous = %s",
                lines[0].previous,
            )
            number: int = known or (transaction.value(_LAST_INCIDENT) or 0) + 1
            transaction.lock(number)
            here = transaction.rows(
                "SELECT hash FROM lastgood_entries WHERE incident = %s ORDER BY sequence", number
            )
            for (ours,), line in zip(here, lines, strict=False):
                if ours != line.hash:
                    raise UsageError(
                        f"Incident {number} here differs from entry {line.sequence} on.",
                        hint="Import it into a record of its own: LASTGOOD_RECORD=sqlite:///other.db",
                    )
            for line in lines[len(here) :]:
                _inserted(transaction, replace(line, incident=number))
                transaction.run(_MARK_IMPORTED, number, line.sequence)
            return number

    def imported(self, incident: int) -> frozenset[int]:
        """The numbers of the entries of an incident that came in with a case from another record."""
        with self._database.reading() as transaction:
            found = transaction.rows("SELECT sequence FROM lastgood_imported WHERE incident = %s", incident)
        return frozenset(sequence for (sequence,) in found)

    def entries(self, incident: int) -> tuple[Entry, ...]:
        """Every entry of an incident, in their order.

        Raises:
            NoIncidentError: there is no such incident.
            RecordBrokenError: an entry cannot be read; says which.
        """
        return tuple(map(_entry, self._rows(incident)))

    def last(self, incident: int) -> int:
        """The number of the last entry of an incident.

        Raises:
            NoIncidentError: there is no such incident.
        """
        with self._database.reading() as transaction:
            found = transaction.value(
                "SELECT max(sequence) FROM lastgood_entries WHERE incident = %s", incident
            )
            if found is None:
                raise self._unknown(transaction, incident)
        return int(found)

    def of_kinds(self, *kinds: str, incident: int | None = None) -> tuple[Entry, ...]:
        """The entries of some kinds, of one incident or of all, in order of incident and sequence.

        Raises:
            RecordBrokenError: an entry cannot be read; says which.
        """
        marks = ", ".join(["%s"] * len(kinds))
        one, number = ("", ()) if incident is None else ("AND incident = %s", (incident,))
        with self._database.reading() as transaction:
            rows = transaction.rows(f"{_SELECT} WHERE kind IN ({marks}) {one} {_ORDER}", *kinds, *number)
        return tuple(map(_entry, rows))

    def lines(self, incident: int) -> tuple[Line, ...]:
        """The entries as they are stored, for checking and for moving them.

        Raises:
            NoIncidentError: there is no such incident.
        """
        return tuple(map(_line, self._rows(incident)))

    def incidents(self) -> tuple[int, ...]:
        """The numbers of all incidents, ascending."""
        with self._database.reading() as transaction:
            found = transaction.rows("SELECT DISTINCT incident FROM lastgood_entries ORDER BY incident")
        return tuple(number for (number,) in found)

    def unguarded(self) -> tuple[str, ...]:
        """The tables that another program could change or delete from, since a trigger is gone."""
        with self._database.reading() as transaction:
            return transaction.unguarded()

    def keep(self, content: bytes) -> str:
        """Store content that is too large for an entry; its SHA-256, by which entries name it.

        Raises:
            RecordFailedError: it could not be written.
        """
        name = digest(content)
        with self._database.writing() as transaction:
            transaction.run(_KEEP, name, content)
        return name

    def kept(self, name: str) -> bytes:
        """The content with a hash.

        Raises:
            RecordBrokenError: it is not there, or not what was stored.
        """
        with self._database.reading() as transaction:
            content = transaction.value("SELECT content FROM lastgood_contents WHERE hash = %s", name)
        if content is None:
            raise RecordBrokenError(f"The content {name} is not in the record.")
        if digest(content) != name:
            raise RecordBrokenError(f"The content {name} is not what was stored: its hash differs.")
        return bytes(content)

    def _rows(self, incident: int) -> list[tuple[Any, ...]]:
        with self._database.reading() as transaction:
            rows = transaction.rows(f"{_SELECT} WHERE incident = %s {_ORDER}", incident)
            if not rows:
                raise self._unknown(transaction, incident)
        return rows

    def _line(
        self, incident: int, sequence: int, previous: str, payload: Payload, actor: str, at: datetime | None
    ) -> Line:
        now = self._clock()
        line = Line(
            incident,
            sequence,
            actor,
            _stamp(at or now),
            _stamp(now),
            payload.kind,
            stored(payload),
            previous,
            "",
        )
        try:
            return replace(line, hash=hash_of(line))
        except TypeError as problem:
            raise UsageError(f"This cannot be recorded: {problem}.") from problem

    def _unknown(self, transaction: Transaction, incident: int) -> NoIncidentError:
        last = transaction.value(_LAST_INCIDENT)
        there = f"The last one is {last}: `lastgood incident list`" if last else "There are none yet."
        return NoIncidentError(f"There is no incident {incident} in {self._database.where}.", hint=there)


def _stamp(time: datetime) -> str:
    if time.tzinfo is None:
        raise UsageError(f"An entry needs times with a zone, got {time}.")
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _inserted(transaction: Transaction, line: Line) -> Entry:
    values = {name: getattr(line, name) for name in _COLUMNS}
    row = tuple({**values, "payload": canonical(line.payload).decode()}.values())
    transaction.run(_INSERT, *row)
    return _entry(row)


def _line(row: tuple[Any, ...]) -> Line:
    line = Line(*row)
    try:
        payload = orjson.loads(row[_PAYLOAD])
    except orjson.JSONDecodeError as problem:
        raise RecordBrokenError(
            f"Entry {line.sequence} of incident {line.incident} is not JSON any more: {problem}."
        ) from problem
    if not isinstance(payload, dict):
        raise RecordBrokenError(
            f"Entry {line.sequence} of incident {line.incident} fails its integrity check: it is {row[_PAYLOAD][:40]}, not an object."
        )
    return replace(line, payload=payload)


def _entry(row: tuple[Any, ...]) -> Entry:
    # By place, not by name: a room reads every entry, and there may be thousands.
    incident, sequence, actor, at, written_at, kind, payload, previous, hash_ = row
    try:
        return Entry(
            incident,
            sequence,
            actor,
            datetime.fromisoformat(at),
            datetime.fromisoformat(written_at),
            read(kind, payload),
            previous,
            hash_,
        )
    except ValueError as problem:
        raise RecordBrokenError(
            f"Entry {sequence} of incident {incident} cannot be read: {problem}."
        ) from problem
