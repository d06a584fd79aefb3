"""Suggestions: what fits an incident: drills of its class, and pieces of instrumentation that its questions lacked."""

from dataclasses import dataclass

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


def suggestions(incident: Incident, missed: tuple[Piece, ...]) -> Suggestions:
    """What to practise and to prepare after an incident that missed these pieces; nothing where no telemetry was seen."""
    said = incident.confirmed or incident.triaged
    if said is None:
        return Suggestions((), own=False, pieces=())
    name = str(said.failure_class.name) if said.failure_class else ""
    same = tuple(one.name for one in drills() if name and one.truth.failure_class == name)[:MOST_DRILLS]
    return Suggestions(same, own=incident.status.over, pieces=missed)
