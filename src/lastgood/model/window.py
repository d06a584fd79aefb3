"""Stretches of time: a half-open Window, and the Comparison of a good one with a bad one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, starmap

from lastgood.errors import UsageError


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A half-open stretch of time [start, end) in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise UsageError(f"A window needs times with a zone, got {self.start} to {self.end}.")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise UsageError(f"A window must end after it starts: {self.start} to {self.end}.")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    @property
    def seconds(self) -> float:
        """How long it is, in seconds."""
        return self.length.total_seconds()

    def parts(self, count: int) -> "tuple[Window, ...]":
        """It cut into so many of one length."""
        cuts = [*(self.start + self.length * part / count for part in range(count)), self.end]
        return tuple(starmap(Window, pairwise(cuts)))

    def holds(self, time: datetime) -> bool:
        """Whether a time lies inside."""
        return self.start <= time < self.end

    def hull(self, other: "Window") -> "Window":
        """The shortest window that covers both."""
        return Window(min(self.start, other.start), max(self.end, other.end))

    def overlaps(self, other: "Window") -> bool:
        """Whether the two share any time."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Comparison:
    """The product's central idea: the same system while it was good, and while it is bad."""

    good: Window
    bad: Window
    given: bool = False  # by the person asking, rather than found

    @property
    def hull(self) -> Window:
        """Everything from the earlier start to the later end."""
        return self.good.hull(self.bad)
