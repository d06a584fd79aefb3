"""Hypotheses: what may be the cause, what is recorded of it, and how each stands after what was checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from lastgood.model.prediction import EXPERIMENT, TEST, Checked, Outcome
from lastgood.model.window import Comparison


@dataclass(frozen=True, slots=True)
class Predicted:
    """What must be measured if a hypothesis is right: fixed when it is written, never edited by a check."""

    text: str  # as it was written; of a query the rule for its value
    normal: str  # with the names as the store had them
    sql: str = ""  # a query that a user typed
    key: bool = True  # refuted, it rules the hypothesis out
    lacks: str = ""  # why the data at hand could not test it when it was written; empty where they could


@dataclass(frozen=True, slots=True)
class HypothesisAdded:
    """What may be the cause. It is referred to by its number: the how many-th of the incident it is."""

    kind: ClassVar[str] = "hypothesis"
    text: str
    predictions: tuple[Predicted, ...]
    about: str = ""  # of one that the sitrep proposes: which suspect
    change: str | None = None  # the id of the change that it blames


@dataclass(frozen=True, slots=True)
class PredictionResult:
    """What a check gave for one prediction, or for a test of causation, and the entries of its evidence."""

    prediction: int | None  # by its place, from 0; None for a test
    checked: Checked
    evidence: tuple[int, ...] = ()
    decisive: bool = True  # refuted, it rules the hypothesis out


@dataclass(frozen=True, slots=True)
class HypothesisChecked:
    """A hypothesis was held against the telemetry of two windows."""

    kind: ClassVar[str] = "hypothesis-checked"
    hypothesis: int
    comparison: Comparison
    results: tuple[PredictionResult, ...]


@dataclass(frozen=True, slots=True)
class HypothesisRuledOut:
    """A person ruled a hypothesis out."""

    kind: ClassVar[str] = "hypothesis-ruled-out"
    hypothesis: int
    because: str


@dataclass(frozen=True, slots=True)
class HypothesisReopened:
    """A person took a hypothesis up again: what was checked before does not count any more."""

    kind: ClassVar[str] = "hypothesis-reopened"
    hypothesis: int
    because: str


class Standing(StrEnum):
    """How a hypothesis stands: never checked, held up, not decided, or ruled out."""

    OPEN = "open"
    SUPPORTED = "supported"
    INCONCLUSIVE = "inconclusive"
    RULED_OUT = "ruled_out"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One of the board, with its latest results; those from before it was taken up again do not count."""

    number: int
    entry: int  # by which it was added
    added: HypothesisAdded
    by: str
    at: datetime
    standing: Standing = Standing.OPEN
    results: tuple[PredictionResult, ...] = ()
    checked_at: datetime | None = None
    checked_by: int | None = None  # the entry of the latest check
    decided_by: PredictionResult | None = None  # what ruled it out
    because: str = ""  # a person's reason, where a person ruled it out
    supported_at: datetime | None = None  # since when it is supported

    @property
    def lacks(self) -> tuple[str, ...]:
        """What would be needed to test it, where it was not checked and the data can test none of its predictions."""
        reasons = [one.lacks for one in self.added.predictions]
        return tuple(dict.fromkeys(reasons)) if not self.results and reasons and all(reasons) else ()

    @property
    def alive(self) -> bool:
        """Whether it may still be the cause."""
        return self.standing is not Standing.RULED_OUT

    @property
    def held(self) -> tuple[PredictionResult, ...]:
        """The results that support it."""
        return tuple(one for one in self.results if one.checked.outcome is Outcome.SUPPORTED)

    @property
    def caused(self) -> bool:
        """Whether a test of cause supports it, rather than predictions that another cause may meet too."""
        return any(one.checked.kind in {TEST, EXPERIMENT} for one in self.held)

    def result(self, prediction: int) -> PredictionResult | None:
        """The latest result of a prediction, by its place from 0."""
        return next((result for result in self.results if result.prediction == prediction), None)


@dataclass(frozen=True, slots=True)
class Separation:
    """The check that would best tell apart what is still alive."""

    hypothesis: int  # whose prediction it is
    prediction: int
    claimed_by: tuple[int, ...]  # hypotheses that it rules out when it is refuted
    denied_by: tuple[int, ...]  # hypotheses that it rules out when it is supported


@dataclass(frozen=True, slots=True)
class Board:
    """Every hypothesis of an incident, in the order of their numbers."""

    hypotheses: tuple[Hypothesis, ...]
    separation: Separation | None = None  # None where no prediction is open that could tell them apart

    def standing(self, *standings: Standing) -> tuple[Hypothesis, ...]:
        """Those that stand so."""
        return tuple(one for one in self.hypotheses if one.standing in standings)


@dataclass(frozen=True, slots=True)
class Search:
    """The search for the cause: the board, and whether its time box is over."""

    board: Board
    unexplained: timedelta | None = None  # how long it goes on without a supported cause, beyond the time box
    escalate_to: str = ""
