"""The record: incidents as append-only, chained entries that are durable once `append` has returned."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, func, insert, select, text

from lastgood.errors import NoIncidentError, RecordBrokenError, RecordMovedError, UsageError
from lastgood.incidents.chain import Line, canonical, digest, hash_of
from lastgood.incidents.database import failures, locked, open_database, shown, writing
from lastgood.incidents.payloads import read, stored
from lastgood.incidents.tables import CONTENTS, ENTRIES
from lastgood.model.clock import Clock
from lastgood.model.entry import Entry, Opened, Payload

_KEEP = text("INSERT INTO lastgood_contents (hash, content) VALUES (:hash, :content) ON CONFLICT DO NOTHING")


@contextmanager
def open_record(url: str, clock: Clock) -> Iterator["Record"]:
    """The record at a URL: `sqlite:///path` or `postgresql://host/database`. `clock` dates the writing.

    Raises:
        UsageError: the URL is not one of a record.
        RecordFailedError: the database cannot be reached or written.
    """
    engine = open_database(url)
    try:
        yield Record(engine, clock)
    finally:
        engine.dispose()


class Record:
    """Incidents in one database. Any number of processes may write to it at once."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._where = shown(engine.url)

    def open(self, opened: Opened, *, actor: str, at: datetime | None = None) -> Entry:
        """The first entry of a new incident, with the next number.

        Raises:
            RecordFailedError: it could not be written.
        """
        with self._writing() as connection:
            locked(connection, 0)
            last = connection.execute(select(func.max(ENTRIES.c.incident))).scalar()
            line = self._line((last or 0) + 1, 1, secrets.token_hex(32), opened, actor, at)
            return _inserted(connection, line)

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
        with self._writing() as connection:
            locked(connection, incident)
            last = connection.execute(
                select(ENTRIES.c.sequence, ENTRIES.c.hash)
                .where(ENTRIES.c.incident == incident)
                .order_by(ENTRIES.c.sequence.desc())
                .limit(1)
            ).first()
            if last is None:
                raise self._unknown(connection, incident)
            if after is not None and last.sequence != after:
                raise RecordMovedError(
                    f"Incident {incident} has {last.sequence - after} new entries since you looked.",
                    hint=f"Look again (lastgood incident show --incident {incident}), then repeat.",
                )
            return _inserted(
                connection, self._line(incident, last.sequence + 1, last.hash, payload, actor, at)
            )

    def adopt(self, lines: Sequence[Line]) -> int:
        """The number of an incident that comes from another record; entries that are here already stay as they are.

        Raises:
            UsageError: the incident is here and went another way; says from which entry on.
            RecordFailedError: it could not be written.
        """
        with self._writing() as connection:
            locked(connection, 0)
            known = connection.execute(
                select(ENTRIES.c.incident).where(
                    ENTRIES.c.sequence == 1, ENTRIES.c.previous == lines[0].previous
                )
            ).scalar()
            last = connection.execute(select(func.max(ENTRIES.c.incident))).scalar()
            number = known or (last or 0) + 1
            locked(connection, number)
            here = connection.execute(
                select(ENTRIES.c.hash).where(ENTRIES.c.incident == number).order_by(ENTRIES.c.sequence)
            ).scalars()
            hashes = tuple(here)
            for ours, line in zip(hashes, lines, strict=False):
                if ours != line.hash:
                    raise UsageError(
                        f"Incident {number} here went another way from entry {line.sequence} on.",
                        hint="Import it into a record of its own: LASTGOOD_RECORD=sqlite:///other.db",
                    )
            for line in lines[len(hashes) :]:
                _inserted(connection, replace(line, incident=number))
            return number

    def entries(self, incident: int) -> tuple[Entry, ...]:
        """Every entry of an incident, in their order.

        Raises:
            NoIncidentError: there is no such incident.
            RecordBrokenError: an entry cannot be read; says which.
        """
        return tuple(_entry(line) for line in self.lines(incident))

    def of_kinds(self, *kinds: str, incident: int | None = None) -> tuple[Entry, ...]:
        """The entries of some kinds, of one incident or of all, in order of incident and sequence.

        Raises:
            RecordBrokenError: an entry cannot be read; says which.
        """
        query = select(ENTRIES).where(ENTRIES.c.kind.in_(kinds))
        if incident is not None:
            query = query.where(ENTRIES.c.incident == incident)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(ENTRIES.c.incident, ENTRIES.c.sequence)).all()
        return tuple(_entry(_line(row)) for row in rows)

    def lines(self, incident: int) -> tuple[Line, ...]:
        """The entries as they are stored, for checking and for moving them.

        Raises:
            NoIncidentError: there is no such incident.
        """
        query = select(ENTRIES).where(ENTRIES.c.incident == incident).order_by(ENTRIES.c.sequence)
        with self._reading() as connection:
            rows = connection.execute(query).all()
            if not rows:
                raise self._unknown(connection, incident)
        return tuple(_line(row) for row in rows)

    def incidents(self) -> tuple[int, ...]:
        """The numbers of all incidents, ascending."""
        with self._reading() as connection:
            return tuple(
                connection.execute(select(ENTRIES.c.incident).distinct().order_by("incident")).scalars()
            )

    def keep(self, content: bytes) -> str:
        """Store content that is too large for an entry; its SHA-256, by which entries name it.

        Raises:
            RecordFailedError: it could not be written.
        """
        name = digest(content)
        with self._writing() as connection:
            connection.execute(_KEEP, {"hash": name, "content": content})
        return name

    def kept(self, name: str) -> bytes:
        """The content with a hash.

        Raises:
            RecordBrokenError: it is not there, or not what was stored.
        """
        with self._reading() as connection:
            content = connection.execute(select(CONTENTS.c.content).where(CONTENTS.c.hash == name)).scalar()
        if content is None:
            raise RecordBrokenError(f"The content {name} is not in the record.")
        if digest(content) != name:
            raise RecordBrokenError(f"The content {name} is not what was stored: its hash differs.")
        return bytes(content)

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

    def _unknown(self, connection: Connection, incident: int) -> NoIncidentError:
        last = connection.execute(select(func.max(ENTRIES.c.incident))).scalar()
        there = f"The last one is {last}: lastgood incident list." if last else "There are none yet."
        return NoIncidentError(f"There is no incident {incident} in {self._where}.", hint=there)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with failures(self._where), writing(self._engine) as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with failures(self._where), self._engine.connect() as connection:
            yield connection


def _stamp(time: datetime) -> str:
    if time.tzinfo is None:
        raise UsageError(f"An entry needs times with a zone, got {time}.")
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _inserted(connection: Connection, line: Line) -> Entry:
    values = {**asdict(line), "payload": canonical(line.payload).decode()}
    connection.execute(insert(ENTRIES).values(values))
    return _entry(line)


def _line(row: Sequence[Any]) -> Line:
    # By place, not by name: a room reads every entry, and there may be thousands.
    incident, sequence, actor, at, written_at, kind, payload, previous, hash_ = row
    try:
        content = orjson.loads(payload)
    except orjson.JSONDecodeError as problem:
        raise RecordBrokenError(
            f"Entry {sequence} of incident {incident} is not JSON any more: {problem}."
        ) from problem
    return Line(incident, sequence, actor, at, written_at, kind, content, previous, hash_)


def _entry(line: Line) -> Entry:
    try:
        return Entry(
            incident=line.incident,
            sequence=line.sequence,
            actor=line.actor,
            at=datetime.fromisoformat(line.at),
            written_at=datetime.fromisoformat(line.written_at),
            payload=read(line.kind, line.payload),
            previous=line.previous,
            hash=line.hash,
        )
    except ValueError as problem:
        raise RecordBrokenError(
            f"Entry {line.sequence} of incident {line.incident} cannot be read: {problem}."
        ) from problem
