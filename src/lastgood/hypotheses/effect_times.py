"""When an action is judged: the good window, the bad one before it, and the time after it could have worked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.model.action import Action, Effect
from lastgood.model.entry import Entry, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.incident import Incident
from lastgood.model.signal import Holdings
from lastgood.model.window import Window

SETTLING = timedelta(minutes=2)  # until it is looked at, where its length is not known
EFFECT_TIME_MOST = timedelta(hours=1)  # before it and after it, that is compared
SOONEST = timedelta(minutes=1)  # until it is worth looking again


@dataclass(frozen=True, slots=True)
class Times:
    """What is compared: the good window, the bad one before the action, and the time after it could have worked."""

    good: Window
    before: Window
    after: Window  # the first of it
    all_after: Window


@dataclass(frozen=True, slots=True)
class Not:
    """Why nothing can be compared."""

    effect: Effect
    because: str
    look_again: datetime | None = None


def works_by(action: Action) -> datetime:
    """The end of its time to effect: what is said of it may be off by as much again."""
    takes = settling(action)
    return action.done_at + takes + max(takes, SETTLING)


def times_of(
    incident: Incident, entries: Sequence[Entry], action: Action, holdings: Holdings, now: datetime
) -> Times | Not:
    """The windows, or why there are none yet or at all."""
    said = seen_before(incident, entries, action)
    if said is None or said.comparison is None:
        return Not(
            Effect.NO_DATA,
            "no measurement on the record shows user impact, so there is nothing to compare with",
        )
    before = _before(said, incident, action)
    if before is None:
        return Not(Effect.NO_DATA, "it was done before users were affected, or right after another action")
    held = holdings.telemetry_window
    if held is None:
        return Not(Effect.NO_DATA, "there are no logs, spans or metrics")
    begins = action.done_at + settling(action)
    following = [a.begun_at for a in incident.actions if a.number > action.number and a.started]
    ends = min([now, held.end, *following])
    if ends > begins:
        first = Window(begins, min(ends, begins + EFFECT_TIME_MOST))
        return Times(said.comparison.good, before, first, Window(begins, ends))
    return _not_yet(now, begins, held.end, following)


def _not_yet(now: datetime, begins: datetime, data_end: datetime, following: list[datetime]) -> Not:
    """Why there is no time after it: it is too early, another action came between, or the data end."""
    if now <= begins:
        reported = f"it takes until {begins:%H:%M:%S} UTC to work"
        return Not(Effect.TOO_EARLY, reported, begins + SOONEST)
    if following and min(following) <= begins:
        return Not(Effect.NO_DATA, "another action started before it could have worked")
    reported = (
        f"the data end at {data_end:%H:%M:%S} UTC, and it could have worked from {begins:%H:%M:%S} UTC on"
    )
    return Not(Effect.NO_DATA, reported)


def seen_before(incident: Incident, entries: Sequence[Entry], action: Action) -> Triaged | None:
    """The last sitrep before it that saw users affected; where there is none, the last of all: what comes later has other windows."""
    reported = [
        entry.payload
        for entry in entries
        if entry.sequence < action.number
        and isinstance(entry.payload, Triaged)
        and entry.payload.verdict is Verdict.YES
        and entry.payload.comparison is not None
    ]
    return reported[-1] if reported else incident.confirmed


def _before(said: Triaged, incident: Incident, action: Action) -> Window | None:
    """The bad time before it, since the action before that could have worked."""
    if said.comparison is None:
        return None
    earlier = [a.done_at for a in incident.actions if a.number < action.number and a.started]
    begins = max([said.comparison.bad.start, action.begun_at - EFFECT_TIME_MOST, *earlier])
    return Window(begins, action.begun_at) if begins < action.begun_at else None


def settling(action: Action) -> timedelta:
    """How long it takes to work, as was said of it; else two minutes."""
    minutes = action.begun.minutes
    return SETTLING if minutes is None else timedelta(minutes=minutes)
