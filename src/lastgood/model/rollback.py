"""Rolling a service back: what is asked, and the state that answers it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RollBackOf:
    """What a question about a roll-back needs to know: which service, and which change is likely."""

    service: str
    likely: tuple[str, ...] = ()  # the ids of the change, and of the deploy that carried it
    since: datetime | None = None  # when it was made


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that speaks for something, against it, or is not known."""

    of: str
    because: str
    holds: bool | None = None  # None: not known


@dataclass(frozen=True, slots=True)
class RollBack:
    """Whether the last deploy of a service can be taken back, with those since the likely one."""

    service: str
    deploy: str  # its id
    version: str
    previous: str | None
    deployed_at: datetime
    possible: bool | None  # None: something that decides it is not known
    checks: tuple[Check, ...]
    written: int | None  # requests and statements since the deploy; None where no span tells
    minutes: float | None  # that a deploy took
    switches: tuple[str, ...]  # flags that may do instead
    one_back: str = ""  # where taking back the last deploy alone ends, if that is not `previous`
