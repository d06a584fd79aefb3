"""Postmortem steps: what people add to the postmortem on its page, and how the incident is closed."""

from collections.abc import Callable
from dataclasses import replace

from lastgood.errors import UsageError, instead
from lastgood.model.follow_up import FollowUpAdded
from lastgood.model.postmortem import Part, Written
from lastgood.workbench import follow_ups
from lastgood.workbench.entered import entered
from lastgood.workbench.postmortem import Postmortem, postmortem
from lastgood.workbench.postmortem_check import Lack, accept, close, lacks
from lastgood.workbench.service import Service

Documented = Callable[[Postmortem], bytes]  # the document as it is kept


def made(service: Service, number: int) -> tuple[Postmortem, tuple[Lack, ...]]:
    """The postmortem as of now, and what it lacks.

    Raises:
        NoIncidentError: there is no such incident.
    """
    found = postmortem(entered(service, number, ""), service.config)
    return found, lacks(found)


def written(service: Service, number: int, part: str, text: str, *, actor: str) -> None:
    """Put a part in a person's words; empty ones take it out.

    Raises:
        UsageError: there is no such part.
    """
    if part not in set(Part):
        raise UsageError(f"There is no section {part[:40]!r}.", hint=instead(part, Part))
    entered(service, number, actor).append(Written(Part(part), text))


def follow_up(service: Service, number: int, added: FollowUpAdded, *, actor: str) -> None:
    """Add something that is to be done.

    Raises:
        UsageError: it lacks something, or asks people for care.
    """
    follow_ups.add(entered(service, number, actor), added)


def accepted(service: Service, number: int, document: Documented, *, actor: str) -> None:
    """Put on the record that the postmortem is what the team has to say.

    Raises:
        UsageError: it lacks something.
    """
    room = entered(service, number, actor)
    found = postmortem(room, service.config)
    as_accepted = replace(found, incident=replace(found.incident, accepted_at=room.now))
    accept(room, found, document(as_accepted))


def closed(service: Service, number: int, because: str, *, without: bool, actor: str) -> None:
    """Close the incident.

    Raises:
        UsageError: it is not over, lacks its postmortem, or no reason is given.
    """
    if not because:
        raise UsageError("A reason is missing.", hint="State what ended it, in a sentence.")
    close(entered(service, number, actor), because, without_postmortem=without)
