"""Replay: a request as it was captured, what a target answered, and where answers differ."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# What RFC 9110 lets a method, a header's name and its value be, so that none can end a line or a word.
_METHOD = re.compile(r"[A-Za-z][A-Za-z-]{0,30}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#%&*+.^_|~-]+")
_CONTROL_OR_TAB = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
ROUTE_ONLY = "the exact path and query were not captured: this is the route"
UNSENT = "is not sent"  # a credential that was captured
OF_BODY = "body "  # with which the place of one in the body begins
NO_METHOD = "the method was not captured: GET is assumed"


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """What a recorded answer looks like, without its values: by it another server is recognised as another."""

    content_type: str = ""  # without parameters; empty where it was not recorded
    paths: tuple[str, ...] = ()  # JSON paths of its body, `[*]` for any place in a list

    def __bool__(self) -> bool:
        """Whether anything of it is known."""
        return bool(self.content_type or self.paths)


@dataclass(frozen=True, slots=True)
class CapturedRequest:
    """A request over HTTP as far as it was captured. Headers are by their names in lower case.

    Whoever wrote the telemetry chose its parts: a method or header that HTTP does not have is left out, and said to be
    missing. A path begins with a slash: behind an address it could be part of the host.
    """

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
    version: str = ""  # of the service that answered
    answer: AnswerShape = AnswerShape()  # what it was answered then
    body_given: bool = False  # by who replays it, not captured

    def __post_init__(self) -> None:
        """Keep what HTTP has."""
        lower = {name.lower(): value for name, value in self.headers.items()}
        kept = {
            name: value
            for name, value in lower.items()
            if _HEADER_NAME.fullmatch(name) and not _CONTROL.search(value)
        }
        lost = [f"header {_CONTROL.sub(' ', name)} cannot be sent" for name in lower if name not in kept]
        object.__setattr__(self, "headers", kept)
        path = _CONTROL_OR_TAB.sub(lambda one: f"%{ord(one[0]):02X}", self.path)
        object.__setattr__(self, "path", path if path.startswith("/") else f"/{path}")
        if not _METHOD.fullmatch(self.method):
            object.__setattr__(self, "method", "GET")
            lost.append(NO_METHOD)
        object.__setattr__(self, "missing", tuple(dict.fromkeys((*self.missing, *lost))))

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
class Shrunk:
    """The smallest request that still fails in the same way, safe to show, and what it took to find it."""

    request: CapturedRequest
    parts: int  # of the failing request: parameters, fields, items
    left: int
    requests: int  # that were sent
    seconds: float
    notes: tuple[str, ...]  # what limits it, in words


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
    elsewhere: HttpAnswer | None = None  # to a path that no service has, where that was asked
    shrunk: Shrunk | None = None  # None where that was not asked for, or it was not reproduced
