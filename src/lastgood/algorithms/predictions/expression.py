"""Predictions as values: what is measured, and the rule that it must pass. `str()` gives the normal form."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of number a measure gives."""

    SHARE = "share"  # 0..1
    SECONDS = "seconds"
    RATE = "rate"  # events a second
    COUNT = "count"  # events in the window
    PEOPLE = "people"  # different ones in the window
    AMOUNT = "amount"  # in a metric's own unit
    FACTOR = "factor"  # one measure over another


MEASURES = {
    "fails": Kind.SHARE, "errors": Kind.SHARE, "latency": Kind.SECONDS, "traffic": Kind.RATE, "count": Kind.COUNT,
    "users": Kind.PEOPLE, "lines": Kind.COUNT, "metric": Kind.AMOUNT,
}  # fmt: skip

# What each unit is in shares, seconds, events a second and plain numbers.
UNITS: dict[Kind, dict[str, float]] = {
    Kind.SHARE: {"%": 0.01, "": 1.0},
    Kind.SECONDS: {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0},
    Kind.RATE: {"/s": 1.0, "": 1.0, "/min": 1 / 60, "/h": 1 / 3600},
    Kind.COUNT: {"": 1.0}, Kind.PEOPLE: {"": 1.0}, Kind.AMOUNT: {"": 1.0}, Kind.FACTOR: {"": 1.0},
}  # fmt: skip


class When(StrEnum):
    """The stretch of time that is measured, as it is written after a measure."""

    BAD = "in bad"
    GOOD = "in good"
    RUN_UP = "before onset"


class Trend(StrEnum):
    """Rules that compare with the good window, as they are written."""

    AT_BASELINE = "at baseline"
    RISES = "rises"
    FALLS = "falls"


@dataclass(frozen=True, slots=True)
class Filter:
    """An attribute that rows must, or must not, carry with a value."""

    name: str
    value: str
    equal: bool = True
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.name}{'=' if self.equal else '!='}{quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number to be measured: of which rows, and when."""

    name: str
    filters: tuple[Filter, ...] = ()
    subject: str = ""  # words of lines, or the name of a metric
    percentile: str = ""  # of a latency: `95`, `99.9`
    when: When = When.BAD
    position: int = field(default=0, compare=False)

    @property
    def kind(self) -> Kind:
        """What sort of number it gives."""
        return MEASURES[self.name]

    def named(self, name: str) -> str | None:
        """The value that an attribute must have; None when it is free."""
        return next((f.value for f in self.filters if f.name == name and f.equal), None)

    def __str__(self) -> str:
        subject = [f'"{_escaped(self.subject)}"'] if self.subject else []
        percentile = [f"p{self.percentile}"] if self.percentile else []
        inside = ", ".join(subject + [str(f) for f in self.filters] + percentile)
        return f"{self.name}({inside})" + ("" if self.when is When.BAD else f" {self.when}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measure, or one over another."""

    measure: Measure
    over: Measure | None = None

    @property
    def kind(self) -> Kind:
        """What sort of number it is."""
        return self.measure.kind if self.over is None else Kind.FACTOR

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All that has to be measured."""
        return (self.measure,) if self.over is None else (self.measure, self.over)

    def __str__(self) -> str:
        return str(self.measure) if self.over is None else f"{self.measure} / {self.over}"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that it must be above or below."""

    sign: str  # > >= < <=
    amount: float
    unit: str

    def value(self, kind: Kind) -> float:
        """The number in shares, seconds, events a second or as it stands."""
        return self.amount * UNITS[kind][self.unit]

    def __str__(self) -> str:
        return f"{self.sign} {self.amount!r}".removesuffix(".0") + self.unit


@dataclass(frozen=True, slots=True)
class Expected:
    """A quantity and the rule that it must pass."""

    quantity: Quantity
    rule: Limit | Trend

    def __str__(self) -> str:
        return f"{self.quantity} {self.rule}"


@dataclass(frozen=True, slots=True)
class OnsetAfter:
    """That it started after a time."""

    moment: datetime

    def __str__(self) -> str:
        return f"onset after {self.moment.astimezone(UTC).isoformat().replace('+00:00', 'Z')}"


Prediction = Expected | OnsetAfter

BARE = re.compile(r'[^\s,()="!<>\\]+')


def quoted(value: str) -> str:
    """A value as it is written: in quotes only where it needs them."""
    return value if BARE.fullmatch(value) else f'"{_escaped(value)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
