"""Rehearsal: which questions would be answered if a service failed as said, asked of a copy of real telemetry."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.model.readiness import Measured
from lastgood.model.window import Window


@dataclass(frozen=True, slots=True)
class Effect:
    """A fault that is drawn into a copy."""

    service: str
    errors: float  # share of its requests that fail, 0 to 1
    latency: float = 0.0  # seconds that each takes longer
    error: str = "Rehearsed"  # type of the error
    where: tuple[tuple[str, str], ...] = ()  # only requests with these attributes

    @property
    def text(self) -> str:
        """As it is written in the scenario language, in percent and milliseconds."""
        parts = [self.service]
        if self.errors:
            parts.append(f"errors={round(self.errors * 100, 1):g}%")
        if self.latency:
            parts.append(f"latency={round(self.latency * 1000):g}ms")
        return " ".join(
            [*parts, *(["where", *(f"{name}={value}" for name, value in self.where)] if self.where else [])]
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: whether its answer would be the right one, what was said, and what is missing for it."""

    question: str
    answered: bool
    said: str
    missing: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All questions, the window that was copied, and the time in which the fault was drawn."""

    effect: Effect
    copied: Window
    bad: Window
    hit: int  # requests of the service that were made to fail or to be slow
    asked: tuple[Asked, ...]
    beside: datetime | None = None  # when the real incident started that the copy leaves out
