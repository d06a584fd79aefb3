"""Review: questions that come back at growing intervals, by how confident the person was."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Confidence(IntEnum):
    """How well a person knew it: the ratings of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Question:
    """Evidence as it was, the decision that is asked for, and what happened then."""

    key: str  # stays the same while the question does: `method:…`, `drill:…`, `incident:…`
    evidence: tuple[str, ...]
    ask: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An answer to a question: when, how confident, and when it comes back."""

    key: str
    at: datetime
    confidence: Confidence
    due: datetime
