"""At fault: the changes of an incident whose undoing ended it, and the service that it is remembered by."""

from collections.abc import Iterator

from lastgood.inspections.mitigation.catalogue import UNDO
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.incident import Incident


def undone(incident: Incident) -> Iterator[WeighedChange]:
    """The suspected changes that an action undid which ended the incident, as measured."""
    undoing = {(one.begun.what, one.begun.target) for one in incident.actions if one.ended_it}
    for one in incident.confirmed.changes if incident.confirmed else ():
        suspected = one.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}
        whose = {(UNDO.get(one.kind), target) for target in (one.service, one.flag) if target}
        if suspected and whose & undoing:
            yield one


def service_at_fault(incident: Incident) -> str:
    """The service of a change that was undone and ended it; else the likeliest culprit, else the first with symptoms; else none."""
    said = incident.confirmed or incident.triaged
    if said is None:
        return ""
    changed = [one.service for one in undone(incident)]
    culprits = [one.service for one in said.culprits[:1]]
    return next(filter(None, (*changed, *culprits, *said.services)), "")
