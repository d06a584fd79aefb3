"""Drill paper: the score of a drill as chapters, with what each person did beside a good run of the role."""

from collections.abc import Iterator, Sequence

from lastgood.model import figures
from lastgood.model.drill import Drill, DrillScore, GoodStep, Member
from lastgood.surfaces.drill_budget import spent
from lastgood.surfaces.entries import entry_line
from lastgood.surfaces.postmortem.document import Chapter, Document, Grid, Paragraph


def drill_paper(found: DrillScore, drill: Drill) -> Document:
    """The parts of the score, the truth, a good run, and a chapter for each person."""
    percent = f"{figures.number(found.percent, 0)} of 100"
    facts = (("Drill", drill.title), *((("Budget", spent(found.used)),) if found.used else ()))
    return Document(f"Score {percent}", {}, facts, tuple(_chapters(found, drill)))


def _chapters(found: DrillScore, drill: Drill) -> Iterator[Chapter]:
    rows = tuple(
        (one.name, f"{figures.number(one.points, 1)}/{figures.number(one.of, 0)}", one.seen, one.good)
        for one in found.parts
    )
    yield Chapter("Points", (Grid(("part", "points", "this run", "a good run"), rows),))
    yield Chapter("Truth", (Paragraph(drill.truth.explanation), _steps("a good run", drill.good)))
    for one in found.team:
        yield Chapter(f"{one.name}: {one.role}", (_did(one), _steps(f"a good run of {one.role}", one.good)))


def _did(one: Member) -> Grid | Paragraph:
    if not one.did:
        return Paragraph(f"{one.name} recorded nothing.")
    rows = tuple((_minute(minute), entry_line(entry)) for minute, entry in one.did)
    return Grid(("minute", f"what {one.name} did"), rows)


def _steps(title: str, steps: Sequence[GoodStep]) -> Grid:
    return Grid(("minute", title), tuple((_minute(one.by), one.text) for one in steps))


def _minute(value: float) -> str:
    return figures.number(value, 0)
