"""A canary: which requests are whose, what was compared, and what it comes to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a gate returns."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class Measure(StrEnum):
    """What of requests is compared."""

    FAILURES = "failures"
    SLOW = "slow requests"
    LOGS = "new log lines"
    RESOURCES = "resources"


@dataclass(frozen=True, slots=True)
class Selector:
    """Requests whose attribute has a value: `version=2.1`."""

    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


@dataclass(frozen=True, slots=True)
class CanaryAsked:
    """What a question about a canary needs to know."""

    baseline: Selector | None = None  # None: the version with most traffic
    canary: Selector | None = None  # None: the newest version
    segments: tuple[str, ...] = ()  # attributes to look at apart; none: those of few values
    margin: float = 0.01  # more failures, as a difference of shares, that would still pass
    gauges: tuple[str, ...] = ()  # metrics that a pass needs; CPU and memory are compared anyway
    untimed: bool = False  # a pass needs no durations: slowness is not checked where there are none
    dated: bool = False  # a time was named, so that old data are meant


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: evidence against its threshold.

    Of a resource, `where` is the metric, the counts are steps of time (above the baseline, of all), the shares its means.
    """

    measure: Measure
    where: str  # a segment, or empty for all requests
    canary_bad: int
    canary_all: int
    baseline_bad: int
    baseline_all: int
    canary_share: float
    baseline_share: float  # with the canary's mix of operations
    evidence: float  # how many times likelier than by chance, as its natural logarithm; the largest so far
    threshold: float
    failed_after: float | None = None  # seconds from the start
    passed: bool | None = None  # False of what failed; None: not needed for a pass
    unit: str = ""  # of a resource


@dataclass(frozen=True, slots=True)
class CanaryVerdict:
    """What a comparison of a canary comes to, with its working."""

    outcome: Outcome
    baseline: str
    canary: str
    checks: tuple[Check, ...] = ()
    seconds: float = 0.0
    needed_seconds: float | None = None  # more, about, until it can pass
    needed_requests: int | None = None  # of the canary, in all
    until: datetime | None = None  # of the telemetry that was compared
