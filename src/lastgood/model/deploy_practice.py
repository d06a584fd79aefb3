"""Deploy practice: what stood between a change and all users, as far as the change feed reports it."""

from dataclasses import dataclass
from enum import StrEnum


class Practice(StrEnum):
    """What limits the harm of a change that is wrong."""

    REVIEW = "review"
    STAGING = "staging_check"
    GRADUAL = "gradual_rollout"
    ROLLBACK = "automatic_rollback"


@dataclass(frozen=True, slots=True)
class Practised:
    """Whether one change had it; None where the feed does not report it. `because` is what the feed shows."""

    practice: Practice
    done: bool | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class PracticeCount:
    """Of all deploys: how many had it, how many went out without, and of how many it is not known."""

    practice: Practice
    done: int
    missing: int
    unknown: int
    examples: tuple[str, ...] = ()  # the last ones that went out without
