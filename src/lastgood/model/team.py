"""Team: who does what in an incident. One leads, one informs, one acts, and others look for the cause."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class TeamRole(StrEnum):
    """What a person does in an incident. Names follow the incident command system."""

    LEAD = "lead"  # decides: severity, what is done next, when it is over
    COMMUNICATIONS = "communications"  # sends updates
    OPERATIONS = "operations"  # acts on the system, and no one else does
    INVESTIGATOR = "investigator"  # looks for the cause


@dataclass(frozen=True, slots=True)
class Joined:
    """The actor of the entry works on the incident in a role, until another one is recorded."""

    kind: ClassVar[str] = "joined"
    role: TeamRole
