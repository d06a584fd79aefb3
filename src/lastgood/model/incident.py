"""Incident: what a record comes to, as folded from its entries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastgood.model.action import Action, Recovery
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Opened, Resolved, Triaged
from lastgood.model.message import Audience, Reported


class Status(StrEnum):
    """How far an incident has come: users are affected, no longer affected, it is over, all is said about it."""

    OPEN = "open"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def over(self) -> bool:
        """Whether it is over: resolved, or closed after that."""
        return self in {Status.RESOLVED, Status.CLOSED}


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident as of its last entry. Times are those of what happened, not of the writing."""

    number: int
    opened: Opened
    status: Status
    opened_at: datetime
    opened_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    severity: SeverityLevel | None  # decided by a person, else as proposed
    severity_decided: bool
    severity_because: str
    severity_at: datetime | None  # since when it is this one
    triaged: Triaged | None  # the last answer of the sitrep
    triaged_at: datetime | None
    confirmed: Triaged | None  # the last answer that saw users affected
    confirmed_in: int | None  # its entry
    mitigated_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    accepted_at: datetime | None  # its postmortem
    status_at: datetime  # since when it is this one
    reported: tuple[Reported, ...]  # the last update to each audience
    entries: int
    actions: tuple[Action, ...] = ()  # taken against it, in order
    resolution: Resolved | None = None  # what was last said to have ended it, and what was measured of that
    lead: str | None = None  # who leads it: took it on first, or was handed it last

    @property
    def title(self) -> str:
        """What a person said is wrong."""
        return self.opened.title

    @property
    def since(self) -> datetime | None:
        """When users began to be affected, by the telemetry; None when that is not known."""
        return self.confirmed.since if self.confirmed else None

    @property
    def recovered(self) -> bool:
        """Whether a measurement shows that users are no longer affected, rather than a person's word alone."""
        if self.resolution is not None and self.resolution.recovery is not Recovery.UNMEASURED:
            return self.resolution.recovery is Recovery.RECOVERED
        seen = self.confirmed is not None and self.confirmed.ended is not None
        return seen or any(action.well for action in self.actions)

    @property
    def ended_at(self) -> datetime | None:
        """When users were no longer affected, as an effect was measured, else as a person said; None before that."""
        return self.well_by(self.mitigated_at) if self.mitigated_at else None

    def well_by(self, said: datetime) -> datetime:
        """Since when users were measured to be well after an action, and not seen affected again; else when it was said."""
        recovery = self.resolution.recovery if self.resolution else Recovery.UNMEASURED
        if recovery is Recovery.FAILING:
            return said
        measured = [
            at
            for action in self.actions
            if (at := action.well_from) and at <= said and not self.affected_after(at)
        ]
        last = max(measured, default=said)
        # Who acts again has a reason: without a measurement since, users may have been affected again.
        again = any(action.open and last < action.begun_at <= said for action in self.actions)
        return said if again and recovery is Recovery.UNMEASURED else last

    def affected_after(self, at: datetime) -> bool:
        """Whether a sitrep or the effect of an action shows users affected after a time."""
        said = self.confirmed
        bad = said.comparison.bad.end if said and said.comparison else None
        until = (said and said.ended) or bad, *(action.affected_until for action in self.actions)
        return any(one is not None and at < one for one in until)

    @property
    def needs_postmortem(self) -> bool:
        """Whether it may not be closed without one."""
        return self.severity in {SeverityLevel.SEV1, SeverityLevel.SEV2}

    def reported_to(self, audience: Audience) -> Reported | None:
        """The last update to an audience."""
        return next((reported for reported in self.reported if reported.audience is audience), None)
