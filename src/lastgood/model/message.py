"""Messages about an incident: for whom, with what status, and what can be wrong with their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from lastgood.model.answers import Impact, SeverityLevel


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


class Occasion(StrEnum):
    """Why something leaves."""

    UPDATE = "update"  # a person wrote and confirmed it
    PAGE = "page"  # the severity, or the end of the time box, calls a person
    CLEAR = "clear"  # what a person was called for has ended
    TICKET = "ticket"  # an incident of low severity, or a follow-up
    CHANGE = "change"  # a change that the server accepted


@dataclass(frozen=True, slots=True)
class Message:
    """An update, field by field; what is empty is not said."""

    status: UpdateStatus
    audience: Audience
    said: str = ""  # in the words of whoever writes it
    impact: str = ""  # in numbers, and since when
    known: str = ""
    unknown: str = ""
    changed: str = ""  # since the last update
    doing: str = ""  # now
    workaround: str = ""  # what those who are affected can do
    next_at: datetime | None = None  # of the next update; none once it is resolved
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Updated:
    """A message was sent, or is about to be; what the check found and was overridden stands beside it."""

    kind: ClassVar[str] = "update"
    message: Message
    text: str
    overridden: tuple[str, ...] = ()  # kind and sentence of each
    because: str = ""  # why


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of handing an update, a page or a ticket to one sink; it can be tried again."""

    kind: ClassVar[str] = "delivery"
    update: int  # the sequence of what was handed over: an update, a severity, a follow-up
    sink: str
    arrived: bool
    detail: str  # the answer, or why not
    what: Occasion = Occasion.UPDATE
    reference: str = (
        ""  # what it is called there: a message, an incident of a status page, the key of a page, a ticket
    )
    unsure: bool = False  # it failed, and may have arrived all the same: it is not tried again by itself


@dataclass(frozen=True, slots=True)
class Notified:
    """A person was notified of the incident by other means than a sink."""

    kind: ClassVar[str] = "notified"
    recipient: str  # as the settings name them
    how: str = ""  # by phone, in person


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a person said in a chat, brought into the record; the time of the entry is that of the message."""

    kind: ClassVar[str] = "chat"
    author: str
    text: str
    program: str  # "slack"
    id: str  # the same whenever it is brought in again


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who is to be notified at the severity that an incident has, and whether they were."""

    name: str
    due: datetime | None = None  # None: at no certain time
    at: datetime | None = None  # when they were notified
    how: str = ""  # by which sink, or how else and by whom

    def late(self, now: datetime) -> bool:
        """Whether they should have been notified by now."""
        return self.at is None and self.due is not None and self.due < now


@dataclass(frozen=True, slots=True)
class Notice:
    """A page or a ticket that the record calls for at one sink."""

    sink: str
    occasion: Occasion
    about: int  # the entry that calls for it
    key: str  # the same for all that is about the same thing
    because: str  # "severity SEV1", "the time box ended"


@dataclass(frozen=True, slots=True)
class Reported:
    """When an audience was last informed, what, and until when it was asked to wait."""

    audience: Audience
    status: UpdateStatus
    at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """What an audience is owed, by when; `told` is the last update that it had."""

    audience: Audience
    at: datetime
    reported: Reported | None


@dataclass(frozen=True, slots=True)
class Notify:
    """Who is informed within what time of an incident of a severity."""

    severity: SeverityLevel
    audience: Audience
    within: timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an incident is spoken of, and to whom."""

    every: Mapping[SeverityLevel, timedelta]
    notify: tuple[Notify, ...]


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
    STATUS = "status"


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
    impact: Impact | None = None
    supported: tuple[str, ...] = ()  # hypotheses that their predictions support
    internals: tuple[str, ...] = ()  # names of services, hosts and flags that the public must not read
    people: tuple[str, ...] = ()  # names on the record
    agree: tuple[int, int] | None = None  # requests or traces that agree where calls break, and of how many
