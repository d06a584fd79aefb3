"""Replay: a request as it was captured, what a target answered, and where answers differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class CapturedRequest:
    """A request over HTTP as far as it was captured. Headers are by their names in lower case."""

    method: str
    path: str  # with its query
    host: str = ""  # where it went then
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None  # None where none was captured
    status: int | None = None  # what it was answered with then
    service: str = ""
    operation: str = ""
    trace_id: str = ""
    source: str = ""  # where it was found
    attributes: Mapping[str, str] = field(default_factory=dict)  # of its span or line
    missing: tuple[str, ...] = ()  # parts that were not captured, in words

    @property
    def name(self) -> str:
        """`POST /orders`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a target answered to one sending."""

    status: int | None
    headers: Mapping[str, str]
    body: str
    seconds: float
    problem: str = ""  # why there is no answer


class Part(StrEnum):
    """What of two answers or requests differs."""

    STATUS = "status"
    HEADER = "header"
    BODY = "body"
    TIME = "time"
    METHOD = "method"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: of the failing request, and of the working one; None where it is absent."""

    part: Part
    field: str  # name of a header, JSON path, or empty
    failing: str | None
    working: str | None


class Replayed(StrEnum):
    """What came of a replay."""

    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not reproduced"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """A failing request and a working one, sent to a target; each as often as it was sent."""

    target: str
    failing: CapturedRequest
    working: CapturedRequest | None
    sent: tuple[Difference, ...]  # how the two requests differ
    answers: tuple[HttpAnswer, ...]  # to the failing one
    beside: tuple[HttpAnswer, ...]  # to the working one
    differences: tuple[Difference, ...]  # of their answers, without noise
    noise: tuple[str, ...]  # fields that differ between two sendings of the same request
    verdict: Replayed
    because: str
