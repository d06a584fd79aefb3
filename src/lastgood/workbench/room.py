"""The room: one incident that is being worked on, its record, and the telemetry that it is about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from lastgood.config import Config
from lastgood.errors import LastgoodError, NoIncidentError, UntrustedCaseError, UsageError
from lastgood.incidents import cadence
from lastgood.incidents.record import Record, open_record
from lastgood.incidents.state import incident_of
from lastgood.model.clock import Clock
from lastgood.model.entry import KINDS, Entry, Frozen, Noted, Opened, Payload, Reopened, Resolved
from lastgood.model.incident import Incident
from lastgood.model.message import Due


@dataclass(slots=True)
class Room:
    """An incident and its entries as of the last look; what is appended here is seen here."""

    record: Record
    entries: tuple[Entry, ...]
    actor: str
    now: datetime  # of what happens in this run; the writing is dated by the record's clock

    @property
    def incident(self) -> Incident:
        """What the entries come to."""
        return incident_of(self.entries)

    @property
    def number(self) -> int:
        """The incident's number in this record."""
        return self.entries[0].incident

    def look(self) -> None:
        """See what others have written since."""
        self.entries = self.record.entries(self.number)

    def append(self, payload: Payload, *, at: datetime | None = None, guarded: bool = False) -> Entry:
        """The entry as it was written; of now, unless the time it happened is given.

        `guarded` refuses to write where others have written since this look.

        Raises:
            RecordMovedError: another person has, and it is guarded.
            RecordFailedError: it could not be written.
        """
        after = self.entries[-1].sequence if guarded else None
        entry = self.record.append(self.number, payload, actor=self.actor, at=at or self.now, after=after)
        self.entries = (
            (*self.entries, entry)
            if entry.sequence == self.entries[-1].sequence + 1
            else self.record.entries(self.number)
        )
        return entry


def refuse_foreign(room: Room, asked: Mapping[int, str], what: str) -> None:
    """Let nothing be done that an imported case asks for; `asked` is what entries ask for, by their number.

    Raises:
        UntrustedCaseError: some of these entries came in with a case; says which, and what they ask for.
    """
    foreign = room.record.imported(room.number) & {*asked}
    if not foreign:
        return
    named = "".join(f"\nEntry {number}:\n{_shown(asked[number])}" for number in sorted(foreign))
    raise UntrustedCaseError(
        f"Incident {room.number} was imported. {what} came with the case, so nothing was run.{named}",
        hint="If you trust it, add --trust-case. Entries that you add yourself need no such flag.",
    )


def _shown(text: str) -> str:
    """A text from elsewhere, without anything that steers a terminal."""
    return "".join(one if one.isprintable() or one == "\n" else "\ufffd" for one in text)


@contextmanager
def opened(config: Config, clock: Clock, what: Opened, *, actor: str, now: datetime) -> Iterator[Room]:
    """The room of a new incident, its first entry written: the clock runs, whatever else succeeds.

    Raises:
        RecordFailedError: it could not be written.
    """
    with open_record(config.record, clock) as record:
        yield Room(record, (record.open(what, actor=actor, at=now),), actor, now)


@contextmanager
def enter(
    config: Config, clock: Clock, *, actor: str, now: datetime, incident: int | None = None
) -> Iterator[Room]:
    """The room of an incident by number; of the current one without.

    Raises:
        NoIncidentError: there is no such incident, or none at all.
        UsageError: several are going on, so it has to be said which.
    """
    with open_record(config.record, clock) as record:
        number = current(record) if incident is None else incident
        yield Room(record, record.entries(number), actor, now)


def incidents(config: Config, clock: Clock) -> tuple[Incident, ...]:
    """Every incident of the record, the first one first."""
    with open_record(config.record, clock) as record:
        return tuple(incident_of(mine) for mine in histories(record))


def histories(record: Record) -> tuple[tuple[Entry, ...], ...]:
    """The entries of every incident, the first one first, without evidence and notes."""
    entries = record.of_kinds(*KINDS.keys() - {Frozen.kind, Noted.kind})
    return tuple(tuple(mine) for _, mine in groupby(entries, key=lambda entry: entry.incident))


def owed(incident: Incident, config: Config) -> tuple[Due, ...]:
    """Who must be informed by when, the earliest first."""
    return cadence.dues(incident, config.rhythm)


def current(record: Record) -> int:
    """The incident that is going on; the last one where all are over.

    Raises:
        NoIncidentError: there are none.
        UsageError: several are going on; names them.
    """
    going, last = _going(record)
    if len(going) > 1:
        named = ", ".join(f"{number} ({title})" for number, title in sorted(going.items()))
        raise UsageError(
            f"{len(going)} incidents are going on: {named}.",
            hint="Say which: --incident N, or LASTGOOD_INCIDENT=N for the rest of this shell.",
        )
    if last is None:
        raise NoIncidentError("There are no incidents yet.", hint="Open one: lastgood incident open TITLE")
    return next(iter(going), last)


def ongoing(config: Config, clock: Clock) -> tuple[Incident, ...]:
    """The incidents that are going on; none where the record cannot be read, nor is one made."""
    kind, _, place = config.record.partition(":///")
    if kind == "sqlite" and not Path(place).is_file():
        return ()
    try:
        with open_record(config.record, clock) as record:
            return tuple(incident_of(record.entries(number)) for number in sorted(_going(record)[0]))
    except LastgoodError:
        return ()


def _going(record: Record) -> tuple[dict[int, str], int | None]:
    """The titles of the incidents that are going on, by number; and the number of the last one of all."""
    going: dict[int, str] = {}
    last = None
    for entry in record.of_kinds(Opened.kind, Resolved.kind, Reopened.kind):
        match entry.payload:
            case Opened(title):
                last, going[entry.incident] = entry.incident, title
            case Resolved():
                going.pop(entry.incident, None)
            case _:
                going[entry.incident] = going.get(entry.incident, "reopened")
    return going, last
