"""The chain that makes a record tamper-evident: every entry's hash covers its content and the hash before it.

SHA-256 over canonical JSON: keys sorted, no white space, UTF-8 (the subset of RFC 8785 that our values need).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is stored and hashed: times as RFC 3339 text in UTC, the payload as JSON values."""

    incident: int
    sequence: int
    actor: str
    at: str
    written_at: str
    kind: str
    payload: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a record, and at which entry."""

    sequence: int
    problem: str


def canonical(value: Any) -> bytes:
    """The one way of writing JSON values that hashes are taken of.

    Raises:
        TypeError: something that JSON cannot hold, half a surrogate pair included.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hash_of(line: Line) -> str:
    """The hash that a line must have. Its number in one record or another is not part of it."""
    return digest(
        canonical(
            {
                "actor": line.actor,
                "at": line.at,
                "kind": line.kind,
                "payload": line.payload,
                "previous": line.previous,
                "sequence": line.sequence,
                "written_at": line.written_at,
            }
        )
    )


def faults(lines: Iterable[Line]) -> Iterator[Fault]:
    """Everything that is wrong with one incident's lines, in order; nothing when the chain holds."""
    before: Line | None = None
    for line in lines:
        expected = before.sequence + 1 if before else 1
        if line.sequence != expected:
            yield Fault(line.sequence, f"entries {expected} to {line.sequence - 1} are missing")
        elif before and line.previous != before.hash:
            yield Fault(line.sequence, f"it does not follow entry {before.sequence} as that one is now")
        if line.hash != _hash_or_nothing(line):
            yield Fault(line.sequence, "its content is not what was written: the hash differs")
        before = line


def _hash_or_nothing(line: Line) -> str:
    """The hash that a line must have; nothing for values that cannot have been written, such as nested too deeply."""
    try:
        return hash_of(line)
    except (TypeError, RecursionError):
        return ""
