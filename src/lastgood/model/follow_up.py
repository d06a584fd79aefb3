"""Follow-ups: what is to be done so that a class of failure cannot come back; done is not yet verified."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class FollowUpType(StrEnum):
    """What it is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


class Stage(StrEnum):
    """How far it has come. Verified: a person saw that the failure can no longer happen, or is caught."""

    OPEN = "open"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FollowUpAdded:
    """Something is to be done, by whom and by when, and what can then no longer happen."""

    kind: ClassVar[str] = "follow-up"
    text: str
    owner: str
    due: date
    type: FollowUpType
    removes: str  # the class of failure


@dataclass(frozen=True, slots=True)
class FollowUpMoved:
    """A follow-up came to another stage."""

    kind: ClassVar[str] = "follow-up-moved"
    follow_up: int  # the entry that added it
    to: Stage
    because: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as of the last entry about it."""

    incident: int
    number: int  # of the entry that added it
    added: FollowUpAdded
    stage: Stage
    since: datetime  # in this stage
    because: str

    @property
    def name(self) -> str:
        """What it is called over all incidents: `12.34` is the one of entry 34 of incident 12."""
        return f"{self.incident}.{self.number}"

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.stage is Stage.OPEN and self.added.due < today
