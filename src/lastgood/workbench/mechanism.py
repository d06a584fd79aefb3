"""Mechanism: what led to what, from the trigger to the users, each link with the evidence that it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lastgood.incidents.board import board_of
from lastgood.inspections._registry import inspections
from lastgood.model.action import Action, Effect
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    Confirmation,
    Culprit,
    Culprits,
    FailureClass,
    FailurePath,
    Impact,
    Joined,
    PatternChanges,
    Segment,
    WeighedChange,
)
from lastgood.model.entry import Entry, Frozen, Triaged
from lastgood.model.hypothesis import Hypothesis, Standing
from lastgood.model.incident import Incident
from lastgood.model.prediction import Outcome


class Role(StrEnum):
    """Which link of the chain."""

    TRIGGER = "trigger"
    JOINED = "joined"  # how the trigger and the cause go together
    CAUSE = "cause"
    CLASS = "class"
    BREAK = "break"
    SYMPTOM = "symptom"
    SPREAD = "spread"
    USERS = "users"
    SUPPORTED = "supported"  # a hypothesis that its predictions support
    REVERSED = "reversed"  # what was done, and users were no longer affected
    UNCREDITED = "uncredited"  # what was done, and users were no longer affected for another reason, or the reason is not known


# A str is the template of a log line, or what was seen where nothing was counted.
Found = WeighedChange | Culprit | FailureClass | FailurePath | Segment | Impact | Hypothesis | Action | str


@dataclass(frozen=True, slots=True)
class Link:
    """One link: what was found, and the entries of its evidence; the sitrep itself where no rows are its own."""

    role: Role
    found: Found
    cites: tuple[int, ...]


def mechanism(incident: Incident, entries: Sequence[Entry]) -> tuple[Link, ...]:
    """The chain as the last sitrep that saw users affected has it, and what was checked and done since confirms.

    A link that was not found is left out.
    """
    return (*_assessed(incident, entries), *_supported(entries), *_reversed(incident))


def _assessed(incident: Incident, entries: Sequence[Entry]) -> Iterator[Link]:
    said, number = incident.confirmed, incident.confirmed_in
    if said is None or number is None:
        return
    cited = _cited(entries, number)
    if trigger := _trigger(said, entries):
        yield Link(Role.TRIGGER, trigger, cited.get(ChangesWeighed, ()) or (number,))
    for role, found, gives in _links(said):
        yield Link(role, found, cited.get(gives, ()) or (number,))


def _trigger(said: Triaged, entries: Sequence[Entry]) -> WeighedChange | None:
    """The change that set it off: one whose hypothesis is supported, else the first that is not ruled out."""
    stands = {one.added.change: one.standing for one in board_of(entries).hypotheses}
    left = [one for one in said.changes if stands.get(one.change_id) is not Standing.RULED_OUT]
    supported = [one for one in left if stands.get(one.change_id) is Standing.SUPPORTED]
    return next(iter((*supported, *left)), None)


def _supported(entries: Sequence[Entry]) -> Iterator[Link]:
    for one in board_of(entries).standing(Standing.SUPPORTED):
        rows = (n for r in one.results if r.checked.outcome is Outcome.SUPPORTED for n in r.evidence)
        yield Link(Role.SUPPORTED, one, tuple(dict.fromkeys(rows)) or (one.checked_by or one.entry,))


def _reversed(incident: Incident) -> Iterator[Link]:
    """What ended it; else that users recovered, and by what is not shown."""
    ended = [action for action in incident.actions if action.ended_it]
    yield from (Link(Role.REVERSED, action, (action.number,)) for action in ended)
    for action in incident.actions[-1:] if not ended else ():
        stands = action.undone_by is None and not action.outlived
        if stands and action.effect and action.effect.effect is Effect.RECOVERED_UNCREDITED:
            yield Link(Role.UNCREDITED, action, (action.number,))


def _links(said: Triaged) -> Iterator[tuple[Role, Found, type]]:
    if said.joined:
        yield Role.JOINED, said.joined, Joined
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
    counted = said.impact is not None and said.impact.counted
    yield Role.USERS, said.impact if counted and said.impact else said.because, Confirmation


def _cited(entries: Sequence[Entry], after: int) -> dict[type, tuple[int, ...]]:
    """The evidence of each kind of answer, of the sitrep at an entry: what follows it until the next."""
    gives = {one.name: one.gives for one in inspections()}
    found: dict[type, tuple[int, ...]] = {}
    for entry in entries:
        if isinstance(entry.payload, Triaged) and entry.sequence > after:
            break
        if isinstance(entry.payload, Frozen) and entry.sequence > after:
            kind = gives.get(entry.payload.name)
            if kind is not None:
                found[kind] = (*found.get(kind, ()), entry.sequence)
    return found
