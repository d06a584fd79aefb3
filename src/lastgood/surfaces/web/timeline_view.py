"""The timeline of an incident: onset, alert, changes, actions and updates on one time axis, and in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.model import figures
from lastgood.model.action import ActionBegun, EffectMeasured
from lastgood.model.answers import WeighedChange
from lastgood.model.entry import Entry, Frozen
from lastgood.model.message import Updated
from lastgood.model.timeline import Event, Moment, Timeline
from lastgood.model.window import Window
from lastgood.surfaces.entries import entry_line
from lastgood.surfaces.postmortem.sentences import event_line

MOST_ENTRIES, TICKS = 200, 3
MARGIN = 0.2  # of the axis before the first: for the word beside it
LONGEST_BEFORE = timedelta(
    hours=1
)  # the onset on the axis: else a change of last week makes a point of all the rest
LANES = (
    (("onset", "alert", "ended"), "Onset, alert"),
    (("change",), "Changes"),
    (("action",), "Actions"),
    (("update",), "Updates"),
)
_OF_TELEMETRY = {
    Moment.CHANGE: "change",
    Moment.ONSET: "onset",
    Moment.ALERTED: "alert",
    Moment.ENDED: "ended",
}
_OF_ENTRY = {ActionBegun: "action", EffectMeasured: "action", Updated: "update"}
_STRONG = frozenset({"onset", "alert"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list."""

    when: datetime
    at: str
    actor: str
    text: str
    kind: str  # onset, alert, change, action, update, ended; empty for other entries
    sequence: int  # of the entry; 0 for what the telemetry shows

    @property
    def strong(self) -> bool:
        """Whether it is set in bold."""
        return self.kind in _STRONG


@dataclass(frozen=True, slots=True)
class Tick:
    """Something on the axis."""

    along: int  # percent
    kind: str
    title: str
    earlier: bool  # than the axis: it is drawn at its edge


@dataclass(frozen=True, slots=True)
class Lane:
    """What is of one kind, on the axis."""

    name: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The lanes, one below the other."""

    lanes: tuple[Lane, ...]
    ends: tuple[str, ...]  # times along the axis
    words: str


@dataclass(frozen=True, slots=True)
class History:
    """The timeline as the page shows it."""

    lines: tuple[Line, ...]
    evidence: tuple[Line, ...]
    left_out: int  # older lines
    axis: Axis | None


def history_of(timeline: Timeline, entries: Sequence[Entry], now: datetime, end: datetime) -> History:
    """Everything in the order in which it happened, the newest first; the axis runs to the end."""
    shown = [_shown(event, now) for event in timeline.events if event.moment in _OF_TELEMETRY]
    lines = sorted(
        (*shown, *(_entry(one, now) for one in entries if not isinstance(one.payload, Frozen))),
        key=lambda one: (one.when, one.sequence),
        reverse=True,
    )
    kept = [_entry(one, now) for one in reversed(entries) if isinstance(one.payload, Frozen)]
    left_out = max(len(lines) - MOST_ENTRIES, 0)
    return History(tuple(lines[:MOST_ENTRIES]), tuple(kept[:MOST_ENTRIES]), left_out, _axis(lines, end))


def _shown(event: Event, now: datetime) -> Line:
    kind = _OF_TELEMETRY[event.moment]
    text = event_line(event)
    change = f"{event.reported.verdict.value}: " if isinstance(event.reported, WeighedChange) else ""
    name = "Onset: " if kind == "onset" else ""
    whole = f"{name}{change}{text}"
    return Line(event.at, figures.clock(event.at, now), "", f"{whole[:1].upper()}{whole[1:]}", kind, 0)


def _entry(entry: Entry, now: datetime) -> Line:
    kind = _OF_ENTRY.get(type(entry.payload), "")
    return Line(entry.at, figures.clock(entry.at, now), entry.actor, entry_line(entry), kind, entry.sequence)


def _axis(lines: Sequence[Line], end: datetime) -> Axis | None:
    """None where there is nothing but entries of other kinds."""
    drawn = [one for one in reversed(lines) if one.kind]
    if not drawn:
        return None
    onset = next((one.when for one in drawn if one.kind == "onset"), drawn[0].when)
    start = max(lines[-1].when, onset - LONGEST_BEFORE)
    last = max(end, lines[0].when, start + timedelta(seconds=1))
    whole = Window(start - (last - start) * MARGIN, last)
    lanes = tuple(
        Lane(name, tuple(_tick(one, whole) for one in drawn if one.kind in kinds)) for kinds, name in LANES
    )
    ends = tuple(f"{whole.start + whole.length * part / TICKS:%H:%M}" for part in range(TICKS + 1))
    return Axis(lanes, ends, "; ".join(f"{one.at} {one.text}" for one in drawn))


def _tick(one: Line, axis: Window) -> Tick:
    along = (one.when - axis.start) / axis.length
    return Tick(round(100 * max(0.0, min(1.0, along))), one.kind, f"{one.at} {one.text}", earlier=along < 0.0)
