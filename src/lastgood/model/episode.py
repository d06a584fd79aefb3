"""An episode: a trouble of the window that is not the one reported first."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.model.window import Window


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch in which something besides the trouble reported of departs from its past."""

    at: datetime
    low: datetime
    high: datetime
    ended: datetime | None  # None while ongoing
    services: tuple[str, ...]  # where it shows, the most direct and surest first
    symptom: str
    asked: Window  # looked at alone, this holds it and not what else departs

    @property
    def ongoing(self) -> bool:
        """Whether the data end before it does."""
        return self.ended is None
