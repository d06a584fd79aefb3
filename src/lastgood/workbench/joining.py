"""Joining: an incident that turns out to be another one, and one that turns out to be two. Alerts go where they belong."""

from lastgood.errors import UsageError, instead
from lastgood.incidents.state import incident_of
from lastgood.model.action import Recovery
from lastgood.model.entry import Noted, Opened, Resolved
from lastgood.model.incident import Incident
from lastgood.workbench.service import Service


def merge(service: Service, number: int, into: int, because: str, *, actor: str) -> None:
    """End an incident, which is the same as `into`: its alerts, and what comes of them, go there. Each names the other.

    Raises:
        NoIncidentError: one of them does not exist.
        UsageError: they are the same, one is over, or there is no reason.
    """
    _reasoned(because)
    if number == into:
        raise UsageError(
            "An incident cannot be merged into itself.", hint="Give the number of the other one."
        )
    with service.arrivals.alone():
        for one in (number, into):
            _ongoing(service, one)
        service.arrivals.move(number, into)
        _append(service, into, Noted(f"incident {number} was merged into this one: {because}"), actor)
        ended = Resolved(
            f"it is incident {into}: {because}", Recovery.UNMEASURED, f"it goes on as incident {into}"
        )
        _append(service, number, ended, actor)


def split(service: Service, number: int, of: str, because: str, *, actor: str) -> int:
    """The number of a new incident, which gets the alerts of the service `of`; each names the other.

    Raises:
        NoIncidentError: there is no such incident.
        UsageError: it is over, no alert of that service came to it, no other would be left, or there is no reason.
    """
    _reasoned(because)
    with service.arrivals.alone():
        incident, alerted = _ongoing(service, number), service.arrivals.services(number)
        if of not in alerted:
            raise UsageError(f"No alert of {of[:80]!r} came to incident {number}.", hint=instead(of, alerted))
        if len(alerted) == 1:
            raise UsageError(
                f"All alerts of incident {number} are of {of}.",
                hint="There is nothing to split: open another one.",
            )
        title = f"{of}: from incident {number}, {incident.title}"[:200]
        new = service.record.open(Opened(title), actor=actor, at=service.clock()).incident
        service.arrivals.move(number, new, of)
        _append(service, new, Noted(f"split from incident {number}: {because}"), actor)
        _append(
            service, number, Noted(f"the alerts of {of} were split off as incident {new}: {because}"), actor
        )
    return new


def _ongoing(service: Service, number: int) -> Incident:
    incident = incident_of(service.record.entries(number))
    if incident.status.over:
        raise UsageError(f"Incident {number} is over.", hint="Reopen it first.")
    return incident


def _reasoned(because: str) -> None:
    if not because:
        raise UsageError("A reason is missing.", hint="State in a sentence why.")


def _append(service: Service, number: int, payload: Noted | Resolved, actor: str) -> None:
    service.record.append(number, payload, actor=actor, at=service.clock())
