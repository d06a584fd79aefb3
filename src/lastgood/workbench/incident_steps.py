"""Incident steps: what a person does on the page of an incident, on the record."""

from lastgood.errors import LastgoodError, UsageError, instead
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import (
    Acknowledged,
    Mitigated,
    Noted,
    Opened,
    Payload,
    Reopened,
    Resolved,
    SeveritySet,
)
from lastgood.workbench.entered import entered, telemetry_of
from lastgood.workbench.recovery import recovery, resolve, unmeasured
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service
from lastgood.workbench.transitions import refuse_silent_return

STEPS: dict[str, type[Mitigated | Resolved]] = {"mitigated": Mitigated, "resolved": Resolved}


def note(service: Service, number: int, text: str, *, actor: str) -> None:
    """Write down what a person saw or decided."""
    _append(service, number, Noted(text), actor)


def acknowledge(service: Service, number: int, *, actor: str) -> None:
    """Take it on."""
    _append(service, number, Acknowledged(actor), actor)


def move(service: Service, number: int, to: str, because: str, *, actor: str, despite: str = "") -> None:
    """Say that users are no longer affected, or that it is over, and why. `despite` they are by the latest data.

    Raises:
        UsageError: there is no such step, or no reason.
        StillFailingError: it is not over by the latest data.
    """
    if to not in STEPS:
        raise UsageError(f"There is no step {to[:20]!r}.", hint=instead(to, STEPS))
    payload = STEPS[to](_reason(because))
    if isinstance(payload, Mitigated):
        _append(service, number, payload, actor)
        return
    room = entered(service, number, actor)
    refuse_silent_return(room.incident, payload)
    try:
        with telemetry_of(service, room) as store:
            found = recovery(room, store)
    except LastgoodError as problem:
        found = unmeasured(problem.message.rstrip("."))
    resolve(room, because, found, despite=despite)


def decide(service: Service, number: int, level: str, because: str, *, actor: str) -> None:
    """Set the severity.

    Raises:
        UsageError: there is no such level, or no reason.
    """
    if level not in set(SeverityLevel):
        raise UsageError(f"There is no severity {level[:20]!r}.", hint=instead(level, SeverityLevel))
    _append(service, number, SeveritySet(SeverityLevel(level), _reason(because)), actor)


def reopen(service: Service, number: int, because: str, *, actor: str) -> None:
    """Say that it was not over.

    Raises:
        UsageError: there is no reason.
    """
    _append(service, number, Reopened(_reason(because)), actor)


def _reason(because: str) -> str:
    if not because:
        raise UsageError("A reason is missing.", hint="State what made it so, in a sentence.")
    return because


def open_incident(service: Service, title: str, *, actor: str) -> int:
    """The number of a new incident."""
    return service.record.open(Opened(title), actor=actor, at=service.clock()).incident


def _append(service: Service, number: int, payload: Payload, actor: str) -> None:
    room = Room(service.record, service.record.entries(number), actor, service.clock())
    refuse_silent_return(room.incident, payload)
    room.append(payload)
