"""What a question is: a generator of findings over one Case, registered by existing in this folder."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

from lastgood.model.answers import Answer
from lastgood.model.finding import Finding
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Rows

A = TypeVar("A", bound=Answer)
Ask = Callable[[str, Mapping[str, Any], Window, Comparison | None, Scope], Rows]


class Stage(IntEnum):
    """When in the method a question is asked."""

    CONFIRM = 1
    SCOPE = 2
    EXPLAIN = 3
    MITIGATE = 4
    VERIFY = 5


@dataclass(frozen=True, slots=True)
class Case:
    """What a question is handed: the window asked about, what is there, and a bounded query."""

    window: Window  # everything asked about
    comparison: Comparison | None  # None until it is given or the onset is found
    scope: Scope
    holdings: Holdings
    now: datetime
    ask: Ask
    answers: Mapping[type, Answer] = field(default_factory=dict)
    in_time: Callable[[], None] = lambda: None  # raises OutOfTimeError once its time is over; for long loops

    def query(self, sql: str, *, window: Window | None = None, **parameters: Any) -> Rows:
        """Rows of SQL over relations, inside `window` (default: everything asked about)."""
        return self.ask(sql, parameters, window or self.window, self.comparison, self.scope)

    def earlier(self, kind: type[A]) -> A | None:
        """What an earlier question answered, by the kind of its answer; None when it could not."""
        found = self.answers.get(kind)
        return found if isinstance(found, kind) else None

    def has(self, signal: Signal) -> bool:
        """Whether the store holds any of a signal."""
        return signal in self.holdings.signals


Question = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One question: its words, stage, which signals it can use, which answers it builds on and gives."""

    name: str
    question: str
    stage: Stage
    needs: frozenset[Signal]  # any one of these is enough to start
    uses: frozenset[type]
    gives: type
    run: Question
    manual: str
    handed: type | None = None  # what only whoever asks can tell it; without, it is not asked


def inspection(
    question: str,
    *,
    stage: Stage,
    needs: set[Signal],
    gives: type,
    uses: tuple[type, ...] = (),
    handed: type | None = None,
) -> Callable[[Question], Inspection]:
    """Make an Inspection of a generator function named as its module; the module docstring is its manual."""

    def wrap(run: Question) -> Inspection:
        manual = import_module(run.__module__).__doc__ or ""
        return Inspection(
            run.__name__, question, stage, frozenset(needs), frozenset(uses), gives, run, manual, handed
        )

    return wrap


@cache
def inspections() -> tuple[Inspection, ...]:
    """Every question, in the order of the method."""
    package = "lastgood.inspections"
    names = [m.name for m in iter_modules(import_module(package).__path__) if not m.name.startswith("_")]
    found = [getattr(import_module(f"{package}.{name}"), name) for name in names]
    return tuple(sorted(found, key=lambda i: (i.stage, i.name)))
