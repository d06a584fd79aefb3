"""Lessons: what the record itself shows to have gone well, or to have cost time or knowledge."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Topic(StrEnum):
    """What a lesson is about."""

    DETECTION = "detection"  # from the onset to a person saying so
    ALERT = "alert"  # whether one rang before a person saw it
    UNHEARD = "unheard"  # one rang, and no one came for long
    SEVERITY = "severity"  # from the opening to a decision
    SILENCE = "silence"  # the longest stretch in which nothing was put on the record
    UPDATES = "updates"  # the longest stretch without an update
    UNREPORTED = "untold"  # an audience that the severity asks for, and that got no update
    LATE = "late"  # an update that came after it was due
    MISSED = "missed"  # an update that was due, and never came
    UNREPORTED_END = "unreported_end"  # an audience that got updates, and none that it is over
    MITIGATION = "mitigation"  # from the onset to users no longer being affected
    RECOVERY = "recovery"  # users were said to be well, and no one measured it
    UNANSWERED = "unanswered"  # what the telemetry could not say
    UNMEASURED = "unmeasured"  # something was done, and no one saw what it did
    CHANGE = "change"  # the change that did it was in the feed
    CLOCK = "clock"  # times that contradict each other


@dataclass(frozen=True, slots=True)
class Lesson:
    """One of them, in numbers; None where it was not reached or is not known."""

    topic: Topic
    good: bool
    seconds: float | None = None
    limit: float | None = None  # seconds
    start: datetime | None = None
    end: datetime | None = None
    what: str = ""
    entries: tuple[int, ...] = ()
