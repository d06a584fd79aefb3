"""What a question is: a generator of findings over one Case, registered by existing in this folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lastgood.model.finding import Finding, Section
from lastgood.model.signal import Signal
from lastgood.readings.case import Case


class Stage(IntEnum):
    """When in the method a question is asked."""

    CONFIRM = 1
    SCOPE = 2
    EXPLAIN = 3
    MITIGATE = 4
    VERIFY = 5


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
    section: Section | None = None  # of the card, which shows the sentence of what it found

    def signed(self, finding: Finding) -> Finding:
        """A finding of this question, with its name, its words and its place on the card."""
        return replace(finding, name=self.name, question=self.question, section=self.section)


def inspection(  # noqa: PLR0913 - a question says this much of itself
    question: str,
    *,
    stage: Stage,
    needs: set[Signal],
    gives: type,
    uses: tuple[type, ...] = (),
    handed: type | None = None,
    section: Section | None = None,
) -> Callable[[Question], Inspection]:
    """Make an Inspection of a generator function named as its module; the module docstring is its manual."""

    def wrap(run: Question) -> Inspection:
        manual = import_module(run.__module__).__doc__ or ""
        return Inspection(
            run.__name__,
            question,
            stage,
            frozenset(needs),
            frozenset(uses),
            gives,
            run,
            manual,
            handed,
            section,
        )

    return wrap


@cache
def inspections() -> tuple[Inspection, ...]:
    """Every question, in the order of the method."""
    package = "lastgood.inspections"
    names = [m.name for m in iter_modules(import_module(package).__path__) if not m.name.startswith("_")]
    found = [getattr(import_module(f"{package}.{name}"), name) for name in names]
    return tuple(sorted(found, key=lambda i: (i.stage, i.name)))
