"""Which change of status an incident takes: what is over is opened again first, never changed silently."""

from lastgood.errors import UsageError
from lastgood.model.entry import Mitigated, Payload, Resolved
from lastgood.model.incident import Incident, Status


def refuse_silent_return(incident: Incident, payload: Payload) -> None:
    """Nothing, when the entry leads on from where the incident is.

    Raises:
        UsageError: it would take an incident that is over back to an earlier status, or end it twice.
    """
    back = isinstance(payload, Mitigated) and incident.status.over
    back |= isinstance(payload, Resolved) and incident.status is Status.CLOSED
    if isinstance(payload, Resolved) and incident.status is Status.RESOLVED:
        raise UsageError(
            f"Incident {incident.number} is already resolved.",
            hint='To correct it, or when it was not over: lastgood incident reopen "why", then resolve it again.',
        )
    if back:
        raise UsageError(
            f"Incident {incident.number} is {incident.status.value}: “{payload.kind}” would take it back.",
            hint='When it was not over: lastgood incident reopen "why"',
        )
