"""A release: the commits that a deploy carried, each with its risk and whether it touches what fails."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CarriedCommit:
    """A commit as its feed tells it."""

    commit_id: str
    at: datetime
    service: str
    title: str
    actor: str
    files: tuple[str, ...]
    additions: int
    deletions: int
    diff: str


@dataclass(frozen=True, slots=True)
class RiskReason:
    """Why a commit is riskier than others, or less so."""

    points: float
    text: str


@dataclass(frozen=True, slots=True)
class RankedCommit:
    """A commit with its risk, the reasons, and the failing files that it touches."""

    commit: CarriedCommit
    risk: float
    reasons: tuple[RiskReason, ...]
    failing: tuple[str, ...]  # files of it that are in the stack traces of failures


@dataclass(frozen=True, slots=True)
class Release:
    """A deploy and its commits, the riskiest first."""

    deploy_id: str
    service: str
    version: str
    previous: str
    at: datetime
    commits: tuple[RankedCommit, ...]
    reported: bool  # whether the feed says which commits it carried, or they are those between two deploys
    traces: int  # stack traces that were looked at
    unknown: tuple[str, ...]  # what the ranking could not see
