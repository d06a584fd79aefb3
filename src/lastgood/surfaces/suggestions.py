"""Suggestions in words: drills of the class of an incident, itself as a drill, and what its questions lacked."""

from collections.abc import Iterator

from lastgood.model.incident import Incident
from lastgood.model.readiness import Piece
from lastgood.surfaces.readiness import WORDS
from lastgood.workbench.suggestions import suggestions

# What an incident of the record had no answer to; of traces another question than the one that readiness asks.
LACKED = {piece: words.question for piece, words in WORDS.items()} | {
    Piece.TRACES: "Where does the request path break?"
}


def suggestion_lines(incident: Incident, missed: tuple[Piece, ...]) -> Iterator[str]:
    """A sentence each, with the command."""
    fit = suggestions(incident, missed)
    if fit.drills:
        yield f"Drills of the same class: {', '.join(fit.drills)}. lastgood drill start {fit.drills[0]}"
    if fit.own:
        yield f"This incident as a drill, without names: lastgood drill from-incident {incident.number}"
    for piece in fit.pieces:
        name, effort = piece.value.replace("_", " "), WORDS[piece].effort
        yield f"No answer to “{LACKED[piece]}” Readiness: {name}, {effort} of work."
