"""Timeline: what happened in an incident in the order of the events, and how long it took."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastgood.model.answers import WeighedChange
from lastgood.model.entry import Entry, FiredAlert


class Moment(StrEnum):
    """What kind of event it is."""

    CHANGE = "change"
    ONSET = "onset"
    ALERTED = "alerted"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    SEVERITY = "severity"
    MITIGATED = "mitigated"
    ENDED = "ended"  # by the telemetry
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"
    ENTRY = "entry"  # anything else that is on the record


KEY_MOMENTS = frozenset(
    {
        Moment.ONSET,
        Moment.ALERTED,
        Moment.OPENED,
        Moment.ACKNOWLEDGED,
        Moment.MITIGATED,
        Moment.RESOLVED,
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: said by the entry that it is on, or by the telemetry of the sitrep in it."""

    at: datetime
    moment: Moment
    entry: Entry
    low: datetime | None = None  # the interval that holds it, where it was estimated
    high: datetime | None = None
    reported: WeighedChange | FiredAlert | None = None  # what the telemetry tells of

    @property
    def key(self) -> bool:
        """Whether it is one that durations are counted from."""
        return self.moment in KEY_MOMENTS


class Lapse(StrEnum):
    """The durations that incidents are compared by."""

    TTD = "ttd"  # from the onset to a person saying so
    TTA = "tta"  # from there to a person taking it on
    TTM = "ttm"  # from the onset to users no longer being affected
    TTR = "ttr"  # from the onset to the end


class Uncounted(StrEnum):
    """Why a duration is not known."""

    NO_ONSET = "no-onset"  # the telemetry does not show when it began
    NOT_YET = "not-yet"  # it has not come to that
    BACKWARDS = "backwards"  # it ends before it begins


@dataclass(frozen=True, slots=True)
class Counted:
    """One duration: its ends, and how long it is or why that is not known."""

    lapse: Lapse
    start: datetime | None
    end: datetime | None
    seconds: float | None
    why: Uncounted | None = None


@dataclass(frozen=True, slots=True)
class Backwards:
    """Two events whose times contradict their order, or one that was written before it happened."""

    first: Event
    then: Event | None  # None: `first` is dated after its writing


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every event, the earliest first; the four durations; and where the clock ran backwards."""

    events: tuple[Event, ...]
    lapses: tuple[Counted, ...]
    backwards: tuple[Backwards, ...]

    def of(self, moment: Moment) -> Event | None:
        """The event of a key moment; the last one, where an incident was opened again."""
        return next((event for event in reversed(self.events) if event.moment is moment), None)

    def seconds(self, lapse: Lapse) -> float | None:
        """How long that took; None when it is not known."""
        return next(one.seconds for one in self.lapses if one.lapse is lapse)
