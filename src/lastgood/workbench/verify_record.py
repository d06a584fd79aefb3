"""Verify the record: whether the chains of its incidents hold, and their contents are what was kept."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lastgood.config import Config
from lastgood.errors import RecordBrokenError, UsageError
from lastgood.incidents.chain import Fault, Line, faults
from lastgood.incidents.record import Record, open_record
from lastgood.model.clock import Clock

_ANCHOR = re.compile(r"([0-9a-f]{64})(?::([1-9][0-9]*))?")


@dataclass(frozen=True, slots=True)
class Verified:
    """What is wrong with one incident's record; nothing where it holds."""

    incident: int
    entries: int
    faults: tuple[Fault, ...]
    head: str = ""  # hash and number of the last entry, as an anchor


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry that must be in the record: its hash, and its number where that is known; noted outside of the record."""

    hash: str
    sequence: int | None = None

    def __str__(self) -> str:
        return f"{self.hash}:{self.sequence}" if self.sequence else self.hash


def anchor(text: str) -> Anchor:
    """`HASH` or `HASH:N`, as verify-record prints it and updates carry it.

    Raises:
        UsageError: it is neither.
    """
    found = _ANCHOR.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(
            f"{text!r} is not an anchor.", hint="Write HASH or HASH:N, as verify-record prints it."
        )
    return Anchor(found[1], int(found[2]) if found[2] else None)


def damages(config: Config, clock: Clock, anchors: Sequence[Anchor] = ()) -> tuple[str, ...]:
    """What is wrong with the record as a whole: triggers, incidents and anchored entries that are gone, incidents twice.

    Raises:
        RecordBrokenError: an entry is not even readable; names it.
    """
    with open_record(config.record, clock) as record:
        return tuple(_damages(record, anchors))


def _damages(record: Record, anchors: Sequence[Anchor]) -> Iterator[str]:
    for table in record.unguarded():
        yield f"the triggers of {table}, which refuse changes, are missing"
    numbers = record.incidents()
    for number in sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
        yield f"incident {number} is missing, though there is incident {max(numbers)}"
    first: dict[str, int] = {}
    hashes: dict[str, int] = {}
    for number in numbers:
        lines = record.lines(number)
        hashes |= {line.hash: line.sequence for line in lines}
        same = first.setdefault(lines[0].previous, number)
        if same != number:
            yield f"incident {number} is incident {same} under another number"
    for one in anchors:
        if one.hash not in hashes:
            yield f"the entry {one} is missing: it was removed, or what is before it was changed and hashed anew"
        elif one.sequence is not None and hashes[one.hash] != one.sequence:
            yield f"the entry {one} is entry {hashes[one.hash]} here"


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
    return Verified(number, len(lines), tuple(found), f"{lines[-1].hash}:{lines[-1].sequence}")
