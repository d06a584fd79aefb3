"""Learning: what the incidents of a service have in common, with counts, and nothing that is not on record."""

from dataclasses import dataclass

ALL_SERVICES = ""


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
class Learning:
    """All services, those with most incidents first."""

    incidents: int
    services: tuple[ServiceMemory, ...]
