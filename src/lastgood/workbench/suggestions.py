"""Suggestions: what fits an incident: drills of its class, and pieces of instrumentation that its questions lacked."""

from collections.abc import Iterator
from dataclasses import dataclass

from lastgood.model.entry import Triaged
from lastgood.model.incident import Incident
from lastgood.model.readiness import Piece
from lastgood.workbench.drill_list import drills

MOST_DRILLS = 2


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Names of drills, whether the incident itself can be one, and pieces that were missing."""

    drills: tuple[str, ...]
    own: bool
    pieces: tuple[Piece, ...]


def suggestions(incident: Incident) -> Suggestions:
    """What to practise and to prepare after an incident; nothing where no telemetry was seen."""
    said = incident.confirmed or incident.triaged
    if said is None:
        return Suggestions((), own=False, pieces=())
    name = str(said.failure_class.name) if said.failure_class else ""
    same = tuple(one.name for one in drills() if name and one.truth.failure_class == name)[:MOST_DRILLS]
    return Suggestions(
        same, own=incident.status.over, pieces=tuple(pieces_missed(said)) if incident.confirmed else ()
    )


def pieces_missed(said: Triaged) -> Iterator[Piece]:
    """The pieces without which a question of this incident had no answer."""
    if said.impact is not None and said.impact.users is None:
        yield Piece.USERS
    if said.path is None:
        yield Piece.TRACES
    if not said.changes:
        yield Piece.DEPLOYS
    if not said.symptoms:
        yield Piece.LINES
