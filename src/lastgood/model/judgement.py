"""Judgements: numbers that a person set, each with its unit or sentence and with where it comes from.

A row is the number itself, so `len(calls) >= FEWEST_CALLS` reads as ever; beside its question it stands in a table:

    FEWEST_CALLS = Count(20, "calls of a caller", "judgement: the interval of a smaller share is as wide as the share")
    OTHERS_ALIKE = Weight(0.12, "{who} also calls {party}, was not changed, and fails too", "judgement: …")

`Reason(OTHERS_ALIKE, who="cart", party="bank")` is the row with its holes filled. The values stay values: a hole that
names a function of lastgood.model.figures (`{share:percent}`) is written by it, when the reason is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from lastgood.model.figures import duration, worded

_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


class Row:
    """What every row has: what its number is of, or the sentence that it stands for, and its source.

    The source is a paper, a measurement with its command, or "judgement: " and the argument.
    """

    unit: str = ""
    sentence: str = ""
    source: str

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Itself: a row never changes, and evidence that carries one is copied."""
        return self

    @property
    def shown(self) -> str:
        """The number as a table shows it, with the unit of a length of time."""
        return duration(self.total_seconds()) if isinstance(self, timedelta) else str(self)


class Count(int, Row):
    """A number of things: `unit` says of which."""

    def __new__(cls, value: int, unit: str, source: str) -> Self:
        """20, "calls of a caller", "judgement: …"."""
        row = super().__new__(cls, value)
        row.unit, row.source = unit, source
        return row


class Amount(float, Row):
    """A share, a ratio, a score or a measure: `unit` says of what."""

    def __new__(cls, value: float, unit: str, source: str) -> Self:
        """0.8, "of the variance", "judgement: …"."""
        row = super().__new__(cls, value)
        row.unit, row.source = unit, source
        return row


class Time(timedelta, Row):
    """A length of time: `unit` begins with s, min, h or d and says from when to when."""

    def __new__(cls, value: float, unit: str, source: str) -> Self:
        """6, "min from undoing it to the end", "judgement: …"."""
        row = super().__new__(cls, **{_UNITS[unit.split(maxsplit=1)[0]]: value})
        row.unit, row.source = unit.partition(" ")[2], source
        return row


class Weight(float, Row):
    """By how much a reason multiplies a weight, or how heavy a cause is: with the sentence that a person reads."""

    def __new__(cls, value: float, sentence: str, source: str) -> Self:
        """0.25, "only {part} is affected, but the change applies everywhere", "judgement: …"."""
        row = super().__new__(cls, value)
        row.sentence, row.source = sentence, source
        return row


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """One thing that speaks for or against an explanation: a row, the values of its holes, and how far it holds."""

    row: Weight
    values: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0  # of the row's ratio
    fits: bool | None = None  # whether it is said for it; by default what does not lessen it is

    def __init__(
        self, row: Weight, /, *, scale: float = 1.0, fits: bool | None = None, **values: object
    ) -> None:
        object.__setattr__(self, "row", row)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "fits", fits)

    @property
    def ratio(self) -> float:
        """By how much it multiplies the weight."""
        return self.scale * self.row

    @property
    def reported(self) -> str:
        """The sentence."""
        return worded(self.row.sentence, self.values)

    def said(self, *, fits: bool) -> "Reason":
        """The same, said for or against whatever its ratio is."""
        return Reason(self.row, scale=self.scale, fits=fits, **self.values)

    @property
    def against(self) -> bool:
        """Whether it is said against the explanation."""
        return self.ratio < 1 if self.fits is None else not self.fits


def rows(table: Mapping[str, object]) -> Iterator[tuple[str, Row]]:
    """The rows of a module's names, in their order."""
    return ((name, value) for name, value in table.items() if isinstance(value, Row))
