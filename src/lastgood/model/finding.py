"""Findings: what one question answered, how sure it is, and what it rests on."""

from dataclasses import dataclass, replace
from enum import StrEnum

from lastgood.model.answers import Answer
from lastgood.model.evidence import Evidence


class Section(StrEnum):
    """Where things stand on the card, in this order."""

    IMPACT = "IMPACT"
    ALERTS = "ALERTS"
    MOVED = "MOVED"
    WHO = "WHO"
    DO_NOW = "DO NOW"
    SAY = "SAY"
    WHERE = "WHERE"
    SUSPECTS = "SUSPECTS"
    CHANGED = "CHANGED"
    CLASS = "CLASS"
    LOGS = "LOGS"
    ALSO = "ALSO"
    COMPARED = "COMPARED"
    NOT_KNOWN = "NOT KNOWN"
    NEXT = "NEXT"


class Verdict(StrEnum):
    """The three answers. Unknown always says why."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Check(str):
    """A limit that is to be done: the check that would decide, in the imperative."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer to one question.

    `answer` is the typed, numeric content that the sitrep folds in; `because` is the reason in one
    sentence; `limits` say what the data could not show, and by which `Check` it is decided. A yes or no without evidence is refused. Which question it
    answers is filled in by whoever asks: its name, by which answers are found, its words, for people, and its
    place on the card.
    """

    verdict: Verdict
    because: str
    confidence: float | None = None  # 0..1, None for unknown
    answer: Answer | None = None
    evidence: tuple[Evidence, ...] = ()
    limits: tuple[str, ...] = ()
    name: str = ""
    question: str = ""
    section: Section | None = None  # of the card, where its sentence stands there as it is

    def __post_init__(self) -> None:
        if self.verdict is not Verdict.UNKNOWN and not self.evidence:
            raise ValueError(f"No evidence, no finding: {self.because}")
        if not self.because:
            raise ValueError("A finding says why.")

    def if_decided(self, doubt: str) -> "Finding":
        """What would be answered, while `doubt` stands: unknown, and no answer that other questions build on."""
        return replace(
            self,
            verdict=Verdict.UNKNOWN,
            because=f"{doubt}; if they are, {self.because}",
            confidence=None,
            answer=None,
        )
