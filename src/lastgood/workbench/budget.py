"""Budget: how many seconds each question may take, and all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from lastgood.config import Budgets
from lastgood.errors import OutOfTimeError, UsageError
from lastgood.model.moments import parse_duration

WHOLE_BUDGET = 3  # times the budget of a question that is given for one run


@dataclass(frozen=True, slots=True)
class TimeBudget:
    """Seconds for one question, for some by name, and for a whole triage."""

    question: float = 20.0
    whole: float = 60.0
    questions: Mapping[str, float] = field(default_factory=dict)
    stop: Event | None = None  # ends all of it early, once it is set

    def of(self, name: str) -> float:
        """The seconds of a question by its name."""
        return self.questions.get(name, self.question)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the time of a question is over, by the clock that only goes forward."""

    at: float
    seconds: float  # that there were at its start
    stop: Event | None = None  # once it is set, the time is over

    @classmethod
    def after(
        cls, seconds: float, *, latest: "Deadline | None" = None, stop: Event | None = None
    ) -> "Deadline":
        """So many seconds from now, or the latest one if that comes earlier."""
        mine = cls(monotonic() + seconds, seconds, stop)
        return latest if latest is not None and latest.at < mine.at else mine

    @property
    def left(self) -> float:
        """Seconds until it, not below zero."""
        return 0.0 if self.stop and self.stop.is_set() else max(0.0, self.at - monotonic())

    def check(self) -> None:
        """Raise OutOfTimeError if it is over."""
        if not self.left:
            raise OutOfTimeError


def budget_of(reported: Budgets, given: str | None = None) -> TimeBudget:
    """What the settings say; `given` for one run is for every question, and three times that for all of them.

    Raises:
        UsageError: a duration that cannot be read, or is nothing.
    """
    if given is not None:
        each = _seconds("--budget", given)
        return TimeBudget(each, WHOLE_BUDGET * each)
    named = {name: _seconds(f"budget.questions.{name}", text) for name, text in reported.questions.items()}
    return TimeBudget(
        _seconds("budget.question", reported.question), _seconds("budget.triage", reported.triage), named
    )


def _seconds(setting: str, text: str) -> float:
    try:
        seconds = parse_duration(text).total_seconds()
    except UsageError as problem:
        raise UsageError(f"{setting}: {problem.message}", hint=problem.hint) from problem
    if seconds <= 0:
        raise UsageError(f"{setting}: {text} leaves no time.", hint="Give a duration such as 20s or 2m.")
    return seconds
