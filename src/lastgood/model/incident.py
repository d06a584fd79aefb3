"""Incident: what a record comes to, as folded from its entries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastgood.model.action import Action, Recovery
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Opened, Resolved, Triaged
from lastgood.model.message import Audience, Reported
from lastgood.model.window import Window


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
        seen = [self.confirmed.ended] if self.confirmed and self.confirmed.ended else []
        ends = [*seen, *(action.well_from for action in self.actions if action.well)]
        return any(at is None or not self.affected_after(at) for at in ends)

    @property
    def ended_at(self) -> datetime | None:
        """When users were no longer affected: as a sitrep saw it, else as an effect was measured, else as a person said.

        The page, the list, updates and the postmortem take the end from here. None while nothing shows it.
        """
        return self._well_from(self.mitigated_at) or self.mitigated_at

    def well_by(self, said: datetime) -> datetime:
        """Since when users were measured to be well, and not seen affected again; else when it was said."""
        return min(said, self._well_from(said) or said)

    def _well_from(self, by: datetime | None) -> datetime | None:
        """The last measured end, up to a time if one is given; None without one, and where users may be affected since."""
        said, last = self.resolution, self.measured_end(by)
        if said is not None and said.recovery is Recovery.FAILING:
            return None
        if last is not None and self.acted_again(by) is None:
            return last
        if said is None or said.recovery is Recovery.UNMEASURED:
            return None
        return said.since or last

    def acted_again(self, by: datetime | None = None) -> Window | None:
        """From the last measured end to an action after it that is not measured: who acts again has a reason."""
        last = self.measured_end(by)
        later = [
            action.begun_at
            for action in self.actions
            if action.open and last is not None and last < action.begun_at
        ]
        return Window(last, min(later)) if last and later and (by is None or min(later) <= by) else None

    def measured_end(self, by: datetime | None = None) -> datetime | None:
        """The end that the last sitrep saw, else the last that an effect shows, if no one is seen affected after it."""
        seen = self.confirmed.ended if self.confirmed else None
        if seen is not None and not self.affected_after(seen):
            return seen
        measured = (at for action in self.actions if (at := action.well_from) and (by is None or at <= by))
        return max((at for at in measured if not self.affected_after(at)), default=None)

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
