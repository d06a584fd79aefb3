"""Learning: what the incidents of a service have in common, with counts, and nothing that is not on record."""

from dataclasses import dataclass

ALL_SERVICES = ""
SMALL_SAMPLE = 2  # incidents, up to which each is shown by itself: of so few there is no share and no trend


@dataclass(frozen=True, slots=True)
class Tried:
    """Something with how often it came true, of how often it could have, and the 95 % interval of that share."""

    name: str
    true: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ServiceMemory:
    """What is on record about a service; of incidents that name none, about all."""

    service: str
    incidents: tuple[int, ...]
    classes: tuple[Tried, ...]  # failure classes, of the incidents with one
    fixes: tuple[Tried, ...]  # kinds of action: how often users recovered by it, as measured
    alerts: tuple[Tried, ...]  # how often the first alert was of an incident with confirmed impact
    unconfirmed: Tried  # incidents without confirmed impact
    suspects: tuple[Tried, ...]  # kinds of suspected change: how often it was ruled out
    open_follow_ups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthIncident:
    """One incident of a month; durations in seconds, None where they are not known."""

    number: int
    title: str
    severity: str
    service: str
    failure_class: str
    alert: str  # the first that fired
    confirmed: bool  # by the telemetry
    over: bool
    detect: float | None
    mitigate: float | None
    fixed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One incident as it was, where there are too few to compare."""

    incident: MonthIncident
    unmeasured: tuple[str, ...]  # actions whose effect was not measured
    in_vain: tuple[str, ...]  # actions that were measured, and did not end it
    because: str  # why it was resolved; empty while it is not
    follow_ups: tuple[str, ...]  # each with its stage


@dataclass(frozen=True, slots=True)
class Learning:
    """All services, those with most incidents first."""

    incidents: int
    services: tuple[ServiceMemory, ...]
    cases: tuple[Case, ...] = ()  # each incident, where there are too few to compare


@dataclass(frozen=True, slots=True)
class Recurring:
    """A class of failure that came back at a service."""

    service: str
    failure_class: str
    incidents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """A follow-up that was open when an incident of the class and service that it came from happened again."""

    incident: int
    follow_up: str  # its name over all incidents
    text: str
    type: str  # what it is for: prevent, detect …
    since: int  # the incident that it came from


@dataclass(frozen=True, slots=True)
class Month:
    """What a month taught: its incidents, what came back by then, and what was left undone before the last ones."""

    name: str  # 2026-11
    incidents: tuple[MonthIncident, ...]
    recurring: tuple[Recurring, ...]
    looked_at: tuple[int, ...]  # the last incidents that were asked about what was left undone
    undone: tuple[Undone, ...]
