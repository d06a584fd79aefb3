"""The kinds of data, and what a store holds of each."""

from dataclasses import dataclass
from enum import StrEnum

from lastgood.model.window import Window


class Signal(StrEnum):
    """A kind of data that questions read."""

    LOGS = "logs"
    SPANS = "spans"
    METRICS = "metrics"
    CHANGES = "changes"
    ALERTS = "alerts"


TELEMETRY = frozenset({Signal.LOGS, Signal.SPANS, Signal.METRICS})  # what a system itself emits

# Service and scope of the lines that people wrote: a chat, and the book of a shift.
TOLD = (
    *((name, name) for name in ("chat", "slack", "teams", "discord", "mattermost", "zulip", "google chat")),
    ("notes", "shift book"),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a store has of one signal: rows, their span of time, and from whom."""

    signal: Signal
    rows: int
    window: Window | None  # None when there are no rows
    services: tuple[str, ...]
    gaps: tuple[Window, ...] = ()  # stretches without a row, far longer than usual
    sampled: float | None = None  # known share of events kept; None when nothing says so

    def part_of(self, window: Window) -> Window | None:
        """The part of a window that its data reach over, gaps and all; None when there is none."""
        if self.window is None or not self.window.overlaps(window):
            return None
        return Window(max(self.window.start, window.start), min(self.window.end, window.end))

    def covered_seconds(self, window: Window) -> float:
        """How much of a window its data reach over, gaps left out."""
        part = self.part_of(window)
        if part is None:
            return 0.0
        lost = sum(
            (min(gap.end, part.end) - max(gap.start, part.start)).total_seconds()
            for gap in self.gaps
            if gap.overlaps(part)
        )
        return part.seconds - lost


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a store has, per signal."""

    items: tuple[Holding, ...]

    def of(self, signal: Signal) -> Holding | None:
        """The holding of a signal, None when there is not one row."""
        return next((h for h in self.items if h.signal is signal and h.rows), None)

    @property
    def signals(self) -> frozenset[Signal]:
        """The signals with at least one row."""
        return frozenset(h.signal for h in self.items if h.rows)

    @property
    def telemetry_services(self) -> tuple[str, ...]:
        """Whoever sent logs, spans or metrics, by name."""
        return tuple(sorted({name for h in self.items if h.signal in TELEMETRY for name in h.services}))

    @property
    def telemetry_window(self) -> Window | None:
        """The hull of logs, spans and metrics, None when there are none of them."""
        windows = [h.window for h in self.items if h.window and h.signal in TELEMETRY]
        if not windows:
            return None
        hull = windows[0]
        for window in windows[1:]:
            hull = hull.hull(window)
        return hull
