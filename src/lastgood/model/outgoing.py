"""What leaves: an update, a page, a ticket or a change, already redacted, in every form that a sink may want."""

from dataclasses import dataclass
from datetime import UTC, datetime

from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Audience, Occasion, UpdateStatus


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. Its texts hold no secrets, and neither controls nor signs that turn the direction of writing."""

    id: str  # the same whenever it is tried again
    text: str
    markdown: str
    document: bytes  # JSON
    occasion: Occasion = Occasion.UPDATE
    audience: Audience = Audience.TEAM
    headline: str = ""  # one line
    said: str = ""  # a paragraph
    fields: tuple[tuple[str, str], ...] = ()  # label and value
    title: str = ""  # of the incident
    key: str = ""  # the same for all that is about one thing: an incident, its time box, a follow-up
    status: UpdateStatus | None = None
    severity: SeverityLevel | None = None
    link: str = ""  # to the incident's page; empty for the public
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: the answer in words, and what the other side calls it, for what follows."""

    detail: str
    reference: str = ""
