"""Flow: what comes in of one signal from one service, and since when nothing does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.model.signal import Signal

SURE = 10.0  # rows that should have come: no chance leaves out so many
SHORTEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows of the last hour of one signal from one service."""

    signal: Signal
    service: str
    rows: int
    recent: int  # of the last five minutes
    first: datetime
    last: datetime

    def silent_for(self, now: datetime) -> timedelta | None:
        """How long nothing has come where much more should have; None while it comes as usual, or too seldom to tell."""
        gap, lasted = now - self.last, (self.last - self.first).total_seconds()
        if gap < SHORTEST or lasted <= 0:
            return None
        expected = self.rows / lasted * gap.total_seconds()
        return gap if expected >= SURE else None

    def comes(self, now: datetime) -> bool:
        """Whether it comes as usual; a single row that came long ago is no sign of it."""
        if now - self.last < SHORTEST:
            return True
        return self.last > self.first and self.silent_for(now) is None
