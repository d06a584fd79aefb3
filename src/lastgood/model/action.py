"""Actions: what was done against an incident, how its command ended, and what it did to those who were affected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from lastgood.model.prediction import Checked
from lastgood.model.window import Window


class RunEnd(StrEnum):
    """How a command ended."""

    EXITED = "exited"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another action on the record, and the time in which it can have taken effect."""

    name: str
    effective: Window


@dataclass(frozen=True, slots=True)
class Deed:
    """An action by its name, with its time to effect."""

    name: str = "it"
    works_by: datetime | None = None  # the end of its time to effect
    stated: bool = True  # whether a person says how long that is
    others: tuple[Nearby, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One command that was run, without what it printed."""

    how: RunEnd
    status: int | None  # of the exit; negative for a signal, None when it did not end by itself
    seconds: float
    size: int  # bytes that it printed
    cut_off: bool  # the middle of them was not kept
    problem: str = ""  # why it was not started or did not end

    @property
    def succeeded(self) -> bool:
        """Whether it ended by itself, and well."""
        return self.how is RunEnd.EXITED and self.status == 0


class Effect(StrEnum):
    """What an action did, as measured: recovered is back at the baseline, with as much traffic as usual.

    Of what is uncredited it is not shown that the action did it: it came before, too late, or beside another action.
    """

    RECOVERED = "recovered"
    IMPROVING = "improving"
    RECOVERED_UNCREDITED = "recovered_uncredited"
    IMPROVING_UNCREDITED = "improving_uncredited"
    NO_EFFECT = "no_effect"
    WORSE = "worse"
    TOO_EARLY = "too_early"
    NO_DATA = "no_data"

    @property
    def settled(self) -> bool:
        """Whether it was measured, rather than only tried to."""
        return self not in {Effect.TOO_EARLY, Effect.NO_DATA}

    @property
    def well(self) -> bool:
        """Whether users are back at the baseline, whatever did it."""
        return self in {Effect.RECOVERED, Effect.RECOVERED_UNCREDITED}

    @property
    def credited(self) -> bool:
        """Whether it was better when the action can have worked, and by nothing else on the record."""
        return self in {Effect.RECOVERED, Effect.IMPROVING}

    def by(self, credit: "Credit") -> "Effect":
        """The same, with or without credit to the action."""
        return self if credit is Credit.THIS else _UNCREDITED.get(self, self)


class Recovery(StrEnum):
    """What the latest data show of affected users when an incident is recorded as resolved."""

    RECOVERED = "recovered"
    FAILING = "failing"
    UNMEASURED = "unmeasured"


class Credit(StrEnum):
    """Whether an action can have done it, by when it got better."""

    THIS = "this"  # within its time to effect, and no other action was within its own
    BEFORE = "before"  # it got better before the action
    LATE = "late"  # it got better after the action's time to effect
    SHARED = "shared"  # another action was within its time to effect too
    UNCLEAR = "unclear"  # the data do not show when, or no one says how long the action takes


_UNCREDITED = {
    Effect.RECOVERED: Effect.RECOVERED_UNCREDITED,
    Effect.IMPROVING: Effect.IMPROVING_UNCREDITED,
}


@dataclass(frozen=True, slots=True)
class Turned:
    """When it got better, and whether an action can have done it; nothing where it did not."""

    credit: Credit | None = None
    start: datetime | None = None
    back: datetime | None = None  # when it was as it is now
    counted: Window | None = None  # the time after that was counted: all of it, or since it was back


@dataclass(frozen=True, slots=True)
class Tally:
    """Events among so many, in so many seconds that have data; no whole numbers where they stand for what is less sure."""

    events: float
    of: float
    seconds: float

    @property
    def share(self) -> float:
        """Of the events; 0 where there is nothing."""
        return self.events / self.of if self.of else 0.0

    @property
    def rate(self) -> float:
        """How many of all come in a second."""
        return self.of / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class ActionBegun:
    """A person decided to do something: written before it is done, so that a crash in between shows."""

    kind: ClassVar[str] = "action_begun"
    what: str  # rollback, flag_off, restart …
    target: str
    by: str
    command: tuple[str, ...] = ()  # as it runs; none where it was done elsewhere
    values: Mapping[str, str] = field(default_factory=dict)  # that its template was filled with
    effect: str = (
        ""  # what must come true, as an expression; without, affected requests are back at their baseline
    )
    minutes: float | None = None  # until it can have worked
    undoes: int | None = None  # the entry at which the action that it takes back began
    forced: str = ""  # why, while the action before it was not measured
    undo: bool = False  # whether its template says how it is taken back

    @property
    def elsewhere(self) -> bool:
        """Whether it was done without this tool."""
        return not self.command


@dataclass(frozen=True, slots=True)
class ActionEnded:
    """The command of an action ended, one way or another."""

    kind: ClassVar[str] = "action_ended"
    begun: int  # the entry at which it began
    run: Run
    content: str | None  # hash of what it printed


@dataclass(frozen=True, slots=True)
class EffectMeasured:
    """What an action did to those who were affected, by the telemetry."""

    kind: ClassVar[str] = "effect_measured"
    begun: int  # the entry at which the action began
    effect: Effect
    because: str
    affected: str = ""  # what is counted: failures, slow requests, error lines
    good: Tally | None = None
    before: Tally | None = None  # while bad, before it was done
    after: Tally | None = None
    windows: tuple[Window, ...] = ()  # of these three
    needed: int | None = None  # events that it takes to tell
    look_again: datetime | None = None
    elsewhere: tuple[str, ...] = ()  # what is worse since, that was well before
    target: Checked | None = None  # where one was declared
    credit: Credit | None = None  # where it got better
    turned: datetime | None = None  # when it started to get better
    back: datetime | None = None  # when it was as it is now


@dataclass(frozen=True, slots=True)
class Captured:
    """What one of the team's own read-only commands said before anything was changed."""

    kind: ClassVar[str] = "captured"
    name: str
    command: tuple[str, ...]
    run: Run
    content: str | None  # hash of what it printed


@dataclass(frozen=True, slots=True)
class Action:
    """An action with what became of it. Its number is that of the entry at which it began."""

    number: int
    begun: ActionBegun
    begun_at: datetime
    ended: ActionEnded | None = None
    ended_at: datetime | None = None
    effect: EffectMeasured | None = None
    undone_by: int | None = None  # the action that took it back
    outlived: bool = False  # the incident was opened again since its effect was measured

    @property
    def ended_it(self) -> bool:
        """Whether users recovered by it, as measured, and stayed so."""
        stands = self.undone_by is None and not self.outlived
        return stands and self.effect is not None and self.effect.effect is Effect.RECOVERED

    @property
    def well(self) -> bool:
        """Whether users were well after it, as measured, whatever did it, and stayed so."""
        stands = self.undone_by is None and not self.outlived
        return stands and self.effect is not None and self.effect.effect.well

    @property
    def well_from(self) -> datetime | None:
        """Since when users are well after it: when they were back, else from when they were counted; None if they are not."""
        if self.effect is None or not self.well:
            return None
        return self.effect.back or (self.effect.windows[-1].start if self.effect.windows else None)

    @property
    def affected_until(self) -> datetime | None:
        """Until when its measurement saw users affected: to when it got better, else to the action or the end of what was counted."""
        if self.effect is None or not self.effect.effect.settled:
            return None
        if not self.effect.windows:
            return self.effect.turned
        *_, before, after = self.effect.windows
        return (self.effect.turned or before.end) if self.effect.effect.well else after.end

    @property
    def claimless(self) -> bool:
        """Whether it was measured, and not shown to have helped."""
        if self.effect is None or not self.effect.effect.settled:
            return False
        return self.outlived or not self.effect.effect.credited

    def named_in(self, text: str) -> bool:
        """Whether a person's words speak of it."""
        words = text.lower()
        return self.begun.target.lower() in words and self.begun.what.lower().split("_")[0] in words

    @property
    def lost(self) -> bool:
        """Whether it began and nothing says that it ended."""
        return not self.begun.elsewhere and self.ended is None

    @property
    def started(self) -> bool:
        """Whether it may have changed something."""
        return self.ended is None or self.ended.run.how is not RunEnd.NOT_STARTED

    @property
    def open(self) -> bool:
        """Whether it may have changed something, and what that did is not known."""
        measured = self.effect is not None and self.effect.effect.settled
        return self.started and self.undone_by is None and not measured

    @property
    def done_at(self) -> datetime:
        """When it had been done, as far as is known."""
        return self.ended_at or self.begun_at


@dataclass(frozen=True, slots=True)
class ActionEffect:
    """What an action did to those who were affected."""

    effect: Effect
    affected: str  # what is counted
    good: Tally
    before: Tally
    after: Tally
    needed: int | None  # about how many requests would tell more
    elsewhere: tuple[str, ...]  # what is worse since
    turn: Turned = Turned()
