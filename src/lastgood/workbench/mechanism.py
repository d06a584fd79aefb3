"""Mechanism: what led to what, from the trigger to the users, each link with the evidence that it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lastgood.inspections._registry import inspections
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    Confirmation,
    Culprit,
    Culprits,
    FailureClass,
    FailurePath,
    Impact,
    PatternChanges,
    Segment,
    WeighedChange,
)
from lastgood.model.entry import Entry, Frozen, Triaged
from lastgood.model.incident import Incident


class Role(StrEnum):
    """Which link of the chain."""

    TRIGGER = "trigger"
    CAUSE = "cause"
    CLASS = "class"
    BREAK = "break"
    SYMPTOM = "symptom"
    SPREAD = "spread"
    USERS = "users"


Found = (
    WeighedChange | Culprit | FailureClass | FailurePath | Segment | Impact | str
)  # a str is a log template


@dataclass(frozen=True, slots=True)
class Link:
    """One link: what was found, and the entries of its evidence; the sitrep itself where no rows are its own."""

    role: Role
    found: Found
    cites: tuple[int, ...]


def mechanism(incident: Incident, entries: Sequence[Entry]) -> tuple[Link, ...]:
    """The chain as the last sitrep that saw users hurt has it; a link that it could not find is left out."""
    said, number = incident.confirmed, incident.confirmed_in
    if said is None or number is None:
        return ()
    cited = _cited(entries, number)
    return tuple(Link(role, found, cited.get(gives, ()) or (number,)) for role, found, gives in _links(said))


def _links(said: Triaged) -> Iterator[tuple[Role, Found, type]]:
    if said.changes:
        yield Role.TRIGGER, said.changes[0], ChangesWeighed
    if said.culprits:
        yield Role.CAUSE, said.culprits[0], Culprits
    if said.failure_class:
        yield Role.CLASS, said.failure_class, FailureClass
    if said.path:
        yield Role.BREAK, said.path, FailurePath
    if said.symptoms:
        yield Role.SYMPTOM, said.symptoms[0], PatternChanges
    if said.segments:
        yield Role.SPREAD, said.segments[0], BlastRadius
    if said.impact:
        yield Role.USERS, said.impact, Confirmation


def _cited(entries: Sequence[Entry], after: int) -> dict[type, tuple[int, ...]]:
    """The evidence of each kind of answer, of the sitrep at an entry: what follows it until the next."""
    gives = {one.question: one.gives for one in inspections()}
    found: dict[type, tuple[int, ...]] = {}
    for entry in entries:
        if isinstance(entry.payload, Triaged) and entry.sequence > after:
            break
        if isinstance(entry.payload, Frozen) and entry.sequence > after:
            kind = gives.get(entry.payload.question)
            if kind is not None:
                found[kind] = (*found.get(kind, ()), entry.sequence)
    return found
