"""Entries: what the record of an incident is made of. Nothing is edited; a correction is another entry.

A new kind is a payload class here, one member of `Payload`, and what the folds and the surfaces make of it:
the type checker names every place. Payload fields are what JSON can hold, times, enumerations and tuples of
these, so that they survive storing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, get_args

from lastgood.model.action import ActionBegun, ActionEnded, Captured, EffectMeasured, Recovery
from lastgood.model.answers import (
    Culprit,
    FailureClass,
    Impact,
    Mitigation,
    Segment,
    SeverityLevel,
    WeighedChange,
)
from lastgood.model.deploy_practice import Practised
from lastgood.model.failure import FailurePath
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved
from lastgood.model.hypothesis import (
    HypothesisAdded,
    HypothesisChecked,
    HypothesisReopened,
    HypothesisRuledOut,
)
from lastgood.model.message import Delivered, Notified, Quoted, Updated
from lastgood.model.postmortem import Accepted, Closed, Written
from lastgood.model.team import Joined
from lastgood.model.window import Comparison, Window


@dataclass(frozen=True, slots=True)
class Opened:
    """A person said that something is wrong. The clock runs from the time of this entry."""

    kind: ClassVar[str] = "opened"
    title: str
    inputs: tuple[str, ...] = ()  # the files that were looked at; none: the kept store
    mapping: str | None = None  # the file that says which of their fields are what
    zone: str = "UTC"  # of times in them that do not say theirs


@dataclass(frozen=True, slots=True)
class FiredAlert:
    """An alert that fired while users were affected."""

    name: str
    service: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Triaged:
    """What the sitrep said at that time: the numbers, and the whole document among the kept contents."""

    kind: ClassVar[str] = "triaged"
    document: str  # hash of the sitrep as JSON
    verdict: Verdict
    because: str
    comparison: Comparison | None = None
    since: datetime | None = None
    ended: datetime | None = None
    impact: Impact | None = None
    severity: SeverityLevel | None = None  # proposed
    severity_because: str = ""
    failure_class: FailureClass | None = None
    services: tuple[str, ...] = ()  # with symptoms, most telling first
    segments: tuple[Segment, ...] = ()
    path: FailurePath | None = None
    culprits: tuple[Culprit, ...] = ()
    changes: tuple[WeighedChange, ...] = ()  # those that are likely or possible
    mitigations: tuple[Mitigation, ...] = ()
    not_roll_back: str | None = None
    workaround: str | None = None  # for those who are affected
    symptoms: tuple[str, ...] = ()  # templates of new and louder log lines
    since_low: datetime | None = None  # the interval that holds the onset
    since_high: datetime | None = None
    alerts: int | None = None  # that fired since the onset; None where no alerts are in the telemetry
    first_alert: FiredAlert | None = None
    unknown: tuple[str, ...] = ()  # what could not be answered, and why
    joined: str = ""  # how the likeliest change and the first suspect go together
    practice: tuple[Practised, ...] = ()  # what the likeliest change had before all users had it


@dataclass(frozen=True, slots=True)
class Frozen:
    """Evidence of a claim, kept as it was: the query, and its rows among the kept contents."""

    kind: ClassVar[str] = "evidence"
    claim: str
    question: str
    sql: str
    parameters: Mapping[str, Any]
    window: Window | None
    rows: int
    cut_off: bool
    content: str  # hash of the rows as JSON: {"columns": […], "rows": [[…], …]}
    asked_of: str = ""  # what was asked instead of the telemetry: the address of a database or service
    name: str = ""  # of the question, by which its evidence is found; its words are for people


@dataclass(frozen=True, slots=True)
class Noted:
    """What a person saw, heard or decided, in their words."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person has taken it on: the actor of the entry, unless another is named."""

    kind: ClassVar[str] = "acknowledged"
    by: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The lead of the incident went to another person, with what was known by then."""

    kind: ClassVar[str] = "handed-over"
    to: str
    briefing: str  # as it was read
    because: str = ""


@dataclass(frozen=True, slots=True)
class SeveritySet:
    """A person decided how bad it is."""

    kind: ClassVar[str] = "severity"
    level: SeverityLevel
    because: str


@dataclass(frozen=True, slots=True)
class Mitigated:
    """Users are no longer affected, as of the time of the entry; what made it so is watched."""

    kind: ClassVar[str] = "mitigated"
    because: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """It is over, as of the time of the entry; with what was measured of that, or why nothing was."""

    kind: ClassVar[str] = "resolved"
    because: str
    recovery: Recovery = Recovery.UNMEASURED
    measured: str = ""
    despite: str = ""  # why it is recorded although users are affected by the latest data
    since: datetime | None = None  # when users were well by these data, if nothing else says


@dataclass(frozen=True, slots=True)
class Reopened:
    """It was not over."""

    kind: ClassVar[str] = "reopened"
    because: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A payload of a kind that this version does not know, as it is stored: a newer one wrote it."""

    kind: str
    content: Mapping[str, Any]


Payload = (
    Opened | Triaged | Frozen | Noted | Joined | Acknowledged | HandedOver | SeveritySet | Mitigated | Resolved | Reopened
    | HypothesisAdded | HypothesisChecked | HypothesisRuledOut | HypothesisReopened
    | ActionBegun | ActionEnded | EffectMeasured | Captured
    | Written | Accepted | Closed | FollowUpAdded | FollowUpMoved | Updated | Delivered | Notified | Quoted | Unread
)  # fmt: skip

# The payload classes by the kind that is stored with them.
KINDS: Mapping[str, type[Payload]] = {
    kind.kind: kind for kind in get_args(Payload) if kind is not Unread
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, as it was recorded. The order of a record is that of `sequence`, never of times."""

    incident: int  # in this record; an imported case may get another
    sequence: int  # 1, 2, 3 … within the incident, without gaps
    actor: str
    at: datetime  # when it happened
    written_at: datetime  # when it was recorded
    payload: Payload
    previous: str  # hash of the entry before; of the first one, the identity of the incident
    hash: str

    @property
    def kind(self) -> str:
        """The kind of its payload, as it is stored."""
        return self.payload.kind
