"""Messages about an incident: for whom, with what status, and what can be wrong with their words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastgood.model.answers import Impact


class UpdateStatus(StrEnum):
    """Where an incident is, as status pages name it."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Audience(StrEnum):
    """Who reads a message: those who work on it, those who decide, everybody."""

    TEAM = "team"
    STAKEHOLDERS = "stakeholders"
    PUBLIC = "public"


class FlawKind(StrEnum):
    """What is wrong with a sentence, or with a message as a whole."""

    VAGUE = "vague"
    NO_IMPACT = "no_impact"
    NO_TIME = "no_time"
    SPECULATION = "speculation"
    BLAME = "blame"
    PROMISE = "promise"
    CONTRADICTION = "contradiction"
    INTERNAL = "internal"
    JARGON = "jargon"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a text: the sentence, its place, why, and a better one or the question to answer."""

    kind: FlawKind
    sentence: str  # empty: the text lacks one
    start: int  # of the words that are wrong, in characters from the beginning of the text
    end: int
    problem: str
    better: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the incident when a message about it is checked."""

    now: datetime
    since: datetime | None = None  # onset; its earliest time
    ended: datetime | None = None
    impact: Impact | None = None
    supported: tuple[str, ...] = ()  # hypotheses that their predictions support
    internals: tuple[str, ...] = ()  # names of services, hosts and flags that the public must not read
