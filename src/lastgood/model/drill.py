"""Drills: an incident to practise on, its hidden truth, and what a trainee's work is worth."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lastgood.model.entry import Entry
from lastgood.model.team import TeamRole

_CLOCK = re.compile(r"(?<![\d:])([01]\d|2[0-3]):([0-5]\d)(?![\d:])")


@dataclass(frozen=True, slots=True)
class ChatLine:
    """What a person says, so many minutes after the page."""

    after: float
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class GoodStep:
    """What a good run has done, by so many minutes after the page."""

    by: float
    text: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What the trainee is to find out and to do."""

    incident: bool
    severities: tuple[str, ...]  # that fit the impact
    change: str  # id of the change that is the cause; empty where none is
    cause: tuple[str, ...]  # words of which one names it
    mitigations: tuple[str, ...]  # kind and target, such as `rollback checkout`, of those that end the impact
    within: float  # minutes in which a good run has mitigated
    explanation: str
    failure_class: str = ""  # one of FailureKind
    confounder: str = ""  # what leads astray
    rivals: tuple[tuple[str, ...], ...] = ()  # words of each other change, of which one names it


@dataclass(frozen=True, slots=True)
class Budget:
    """What the impact may cost, from the page on; 0 is not stated."""

    minutes: float = 0.0  # until users give up
    lost_per_minute: float = 0.0  # money
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class BudgetUsed:
    """How much of a budget is used."""

    budget: Budget
    minutes: float

    @property
    def lost(self) -> float:
        """Money, in the budget's currency."""
        return self.minutes * self.budget.lost_per_minute


@dataclass(frozen=True, slots=True)
class Course:
    """The recorded telemetry of an own incident, by the clock of the recording; each time is after the one before."""

    start: datetime
    onset: datetime
    page: datetime
    turned: datetime  # when the impact began to fall
    back: datetime  # since when all was well
    end: datetime


@dataclass(frozen=True, slots=True)
class Drill:
    """One of them."""

    name: str
    title: str
    level: int  # 1 easy to 5 hard
    page_at: str  # HH:MM of the scenario's day
    page: str
    chat: tuple[ChatLine, ...]
    truth: Truth
    good: tuple[GoodStep, ...]
    scenario: str  # text, with END and FIXED for the times that the drill sets; empty where it is recorded
    course: Course | None = None  # of an own incident
    budget: Budget | None = None

    def played_at(self, paged_at: datetime) -> "Drill":
        """The same, where what people read names times by the clock of the player, who is paged then."""
        page = _CLOCK.fullmatch(self.page_at)
        if page is None:
            return self
        behind = timedelta(hours=paged_at.hour - int(page[1]), minutes=paged_at.minute - int(page[2]))

        def moved(text: str) -> str:
            return _CLOCK.sub(lambda at: _later(at, behind), text)

        return replace(
            self,
            chat=tuple(replace(line, text=moved(line.text)) for line in self.chat),
            good=tuple(replace(step, text=moved(step.text)) for step in self.good),
            truth=replace(self.truth, explanation=moved(self.truth.explanation)),
        )


def _later(at: re.Match[str], by: timedelta) -> str:
    minutes = (int(at[1]) * 60 + int(at[2]) + by // timedelta(minutes=1)) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One part of a score: points of so many, what was done, and what a good run does."""

    name: str
    points: float
    of: float
    seen: str
    good: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of a team: what this person recorded, each with its minute, and what a good run of the role does."""

    name: str
    role: TeamRole
    did: tuple[tuple[float, Entry], ...]
    good: tuple[GoodStep, ...]


@dataclass(frozen=True, slots=True)
class DrillScore:
    """All parts of a score."""

    drill: str
    parts: tuple[Criterion, ...]
    team: tuple[Member, ...] = ()
    used: BudgetUsed | None = None  # no points: the time of the mitigation has them

    @property
    def percent(self) -> float:
        """Of the points that the drill can give, 0 to 100."""
        whole = sum(part.of for part in self.parts)
        return 100 * sum(part.points for part in self.parts) / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Played:
    """That a person played a drill to its score: the best one of all runs, when the last was, and what triage showed."""

    percent: float
    at: datetime
    saw: tuple[str, ...] = ()
