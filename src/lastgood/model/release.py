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
    email: str = ""  # of the author, where the feed has it


@dataclass(frozen=True, slots=True)
class CodeHistory:
    """The code that a commit changes, as earlier commits left it: how old it is, and whose."""

    age_days: float | None  # the median of the changed lines; None: too few of them are in recorded diffs
    lines: int  # that were looked for
    writers: tuple[str, ...]  # who wrote these lines, most lines first
    writers_seen_days: float | None  # since the last commit of any of them
    earlier: int  # commits to the same files
    own: int | None  # of them by the author; None: the feed names none
    people: int  # who made them
    most_by: str  # who made the most, and how many
    most_commits: int


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
    history: CodeHistory | None = None  # None: it touches no code that runs


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
    tagged: bool = False  # it is a tag: when it was deployed is not known
