"""Reproduction: what is known of a failing request, for people to run outside of production."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.model.replay import CapturedRequest

# What a test skeleton prints until a person has completed it: its failure is no sign of the fault.
UNFILLED = "This skeleton is not filled in: complete the call, then remove this line."


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
class MixedRequest:
    """One of the requests of a mix, as it is sent under load: of a route, its failing or its working ones."""

    method: str
    path: str
    route: str
    body: str | None
    content_type: str
    share: float  # of all requests, 0..1
    failed: bool  # whether it did when it was recorded


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded payload, personal data replaced, and whether its request failed."""

    body: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A failing request and a working one beside it, safe to pass on: secrets and personal data are replaced."""

    made_at: datetime
    failing: CapturedRequest
    working: CapturedRequest | None
    replaced: tuple[str, ...]  # JSON paths whose values were replaced
    place: FailingPlace | None
    mix: tuple[MixedRequest, ...]
    rate: float  # requests a second of the mix
    missing: tuple[str, ...]
    samples: tuple[Sample, ...] = ()  # payloads of the route, of as many shapes as there are
    backends: tuple[str, ...] = ()  # databases and queues that the service calls, by OpenTelemetry's names
