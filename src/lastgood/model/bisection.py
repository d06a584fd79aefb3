"""A bisection: its commits, what was run on them, and what it comes to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunOutcome(StrEnum):
    """How a commit did once."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the range."""

    sha: str
    subject: str


@dataclass(frozen=True, slots=True)
class TestRun:
    """One run of the command on one commit."""

    __test__ = False  # no test of pytest's

    sha: str
    outcome: RunOutcome
    seconds: float
    said: str = ""  # the last line that it printed


@dataclass(frozen=True, slots=True)
class Bisection:
    """What is known: the likeliest first bad commits, how sure, and what it took."""

    commits: tuple[Commit, ...]  # the good one first, the bad one last
    runs: tuple[TestRun, ...]
    first_bad: tuple[Commit, ...]  # several: those between could not be tested
    certainty: float
    wanted: float
    false_fail: float  # estimated: how often a good commit fails
    false_pass: float
    runs_left: int
    problem: str = ""  # why it stopped before it was sure
    rivals: tuple[tuple[str, float], ...] = ()  # other commits with their chance
    misfit: str = ""  # where the test does not fit the ends: what it printed last

    @property
    def found(self) -> bool:
        """Whether it is as sure as was wanted."""
        return not self.problem and self.certainty >= self.wanted


@dataclass(frozen=True, slots=True)
class VersionCounts:
    """Requests of a version and operation in a block of time that starts at a second."""

    version: str
    operation: str
    block: int
    requests: int
    failures: int


@dataclass(frozen=True, slots=True)
class VersionShare:
    """A version of a service: since when it was seen, its requests, and how many failed."""

    version: str
    first: datetime
    requests: int
    failures: int


@dataclass(frozen=True, slots=True)
class VersionBisection:
    """From which version on a service fails, by the telemetry that is there; nothing was run."""

    service: str
    versions: tuple[VersionShare, ...]  # the oldest first
    first_bad: str  # the likeliest; empty where none is
    last_good: str  # the version before it
    certainty: float
    because: str
    problem: str = ""  # why it is not sure
    caveat: str = ""  # what else the counts allow

    @property
    def found(self) -> bool:
        """Whether it is sure."""
        return bool(self.first_bad) and not self.problem
