"""Verify the record: whether the chains of its incidents hold, and their contents are what was kept."""

from dataclasses import dataclass

from lastgood.config import Config
from lastgood.errors import RecordBrokenError
from lastgood.incidents.chain import Fault, Line, faults
from lastgood.incidents.record import Record, open_record
from lastgood.model.clock import Clock


@dataclass(frozen=True, slots=True)
class Verified:
    """What is wrong with one incident's record; nothing where it holds."""

    incident: int
    entries: int
    faults: tuple[Fault, ...]


def verified(config: Config, clock: Clock, incident: int | None = None) -> tuple[Verified, ...]:
    """Every incident of the record checked, or one.

    Raises:
        NoIncidentError: there is no such incident.
        RecordBrokenError: an entry is not even readable; names it.
    """
    with open_record(config.record, clock) as record:
        numbers = record.incidents() if incident is None else (incident,)
        return tuple(_verified(record, number) for number in numbers)


def contents_of(line: Line) -> tuple[str, ...]:
    """The hashes of kept contents that an entry cites."""
    return tuple(
        value
        for key, value in sorted(line.payload.items())
        if key in CITING and isinstance(value, str) and value
    )


CITING = frozenset({"document", "content"})  # the fields of payloads that hold the hash of kept content


def _verified(record: Record, number: int) -> Verified:
    lines = record.lines(number)
    found = [*faults(lines)]
    for line in lines:
        for name in contents_of(line):
            try:
                record.kept(name)
            except RecordBrokenError as problem:
                found.append(Fault(line.sequence, problem.message))
    return Verified(number, len(lines), tuple(found))
