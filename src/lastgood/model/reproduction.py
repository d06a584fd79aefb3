"""Reproduction: what is known of a failing request, for people to run outside of production."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.model.replay import CapturedRequest


@dataclass(frozen=True, slots=True)
class FailingPlace:
    """Where the failing code is, by a stack trace."""

    language: str
    file: str
    line: int
    function: str
    scope: str
    code: str
    error: str
    message: str
    service: str


@dataclass(frozen=True, slots=True)
class MixedRoute:
    """A route of a mix, as it is sent under load."""

    method: str
    path: str
    body: str | None
    share: float  # of the requests, 0..1
    failing: float  # of its own requests, 0..1


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A failing request and a working one beside it, safe to pass on: secrets and personal data are replaced."""

    made_at: datetime
    failing: CapturedRequest
    working: CapturedRequest | None
    replaced: tuple[str, ...]  # JSON paths whose values were replaced
    place: FailingPlace | None
    mix: tuple[MixedRoute, ...]
    rate: float  # requests a second of the mix
    missing: tuple[str, ...]
