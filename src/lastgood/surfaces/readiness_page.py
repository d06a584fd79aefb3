"""Readiness as a page: the score and its parts, then each service with its gaps, how to close them, and what they cost before."""

from collections.abc import Iterator, Sequence

from lastgood.model import figures
from lastgood.model.readiness import WEIGHTS, KeptRun, Lacked, Measured, Readiness
from lastgood.surfaces.deploy_practice import HOW, NAMES, examples
from lastgood.surfaces.postmortem.document import Block, Chapter, Document, Grid, Paragraph
from lastgood.surfaces.postmortem.html import drawn_page
from lastgood.surfaces.readiness import (
    WORDS,
    arrival,
    cost_line,
    not_known,
    one_line,
    piece_name,
    unanswered,
    why,
    without_data,
)
from lastgood.surfaces.readiness_trend import trend_blocks
from lastgood.surfaces.snippets import named, snippet

FIRST = 5  # gaps that are listed at the top


def readiness_html(found: Readiness, past: Sequence[Lacked], runs: Sequence[KeptRun]) -> str:
    """One HTML file that needs nothing else."""
    return drawn_page(readiness_paper(found, past, runs))


def readiness_paper(found: Readiness, past: Sequence[Lacked], runs: Sequence[KeptRun]) -> Document:
    """The document; `past` are the incidents of the record that lacked something, `runs` those that were kept."""
    window = found.window
    return Document(
        f"Readiness: {figures.number(found.score, 0)} of 100",
        {"schema": "lastgood.readiness/1", "score": round(found.score, 2)},
        (
            ("Measured", f"{window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC"),
            ("Services", figures.count(len(found.services))),
            ("Gaps", figures.count(len(found.gaps))),
        ),
        (
            Chapter("Do first", tuple(_first(found, past))),
            Chapter("Parts of the score", tuple(_parts(found))),
            Chapter("Deploys to production", tuple(_deploys(found))),
            Chapter("Over time", tuple(trend_blocks(runs))),
            *(
                Chapter(one_line(service) or "Change feed", tuple(_service(found, service, past)))
                for service in ("", *found.services)
                if any(one.service == service for one in found.measured)
            ),
        ),
        "Every number is measured from the telemetry and the change feed",
    )


def _first(found: Readiness, past: Sequence[Lacked]) -> Iterator[Block]:
    rows = tuple(
        (WORDS[gap.piece].question, piece_name(gap.piece), one_line(gap.service) or "all", _points(found, gap), WORDS[gap.piece].effort, cost_line([gap], past))
        for gap in found.gaps[:FIRST]
    )  # fmt: skip
    columns = ("Cannot answer", "Missing", "Service", "Points", "Effort", "No answer in past incidents")
    yield Grid(columns, rows) if rows else Paragraph("No gap was found.", quiet=True)
    yield Paragraph(
        "A past incident is listed if its confirmed answer lacked this piece. The minutes are those in which users were "
        "affected; how many of them the missing answer cost is not measured. A record does not show which services sent no "
        "spans, whether spans named their instance, which flag changes were not reported, whether orders had a value, and how "
        "late telemetry arrived.",
        quiet=True,
    )


def _parts(found: Readiness) -> Iterator[Block]:
    whole = sum(WEIGHTS[piece] for piece in found.parts)
    rows = tuple(
        (
            piece_name(piece),
            figures.percent(share),
            f"{figures.number(100 * WEIGHTS[piece] * share / whole, 1)} of {figures.number(100 * WEIGHTS[piece] / whole, 1)}",
        )
        for piece, share in found.parts.items()
    )
    yield Grid(("Piece", "There", "Points"), rows)
    if without := without_data(found):
        yield Paragraph(f"No data about: {', '.join(map(piece_name, without))}.", quiet=True)
    if unknown := not_known(found):
        yield Grid(("Not known", "What would show it"), tuple((one.because, one.how) for one in unknown))
    if late := arrival(found):
        yield Paragraph(f"Arrival: {late}.", quiet=True)


def _deploys(found: Readiness) -> Iterator[Block]:
    rows = tuple(
        (
            NAMES[one.practice], figures.count(one.done), figures.count(one.missing), figures.count(one.unknown),
            ", ".join(examples(one)) or "none",
        )
        for one in found.deploys
    )  # fmt: skip
    columns = ("", "With", "Without", "Not reported", "Last ones without")
    yield Grid(columns, rows) if rows else Paragraph("No deploy to production is recorded.", quiet=True)
    if any(one.unknown for one in found.deploys):
        yield Paragraph(HOW, quiet=True)


def _service(found: Readiness, service: str, past: Sequence[Lacked]) -> Iterator[Block]:
    own = found.of_service(service)
    language = named(found.languages.get(service, ""))
    yield Paragraph(
        f"{figures.number(own.score, 0)} of 100{f', {language}' if language else ''}: "
        f"{', '.join(f'{piece_name(piece)} {figures.percent(share)}' for piece, share in own.parts.items())}.",
        quiet=True,
    )
    if service and (questions := unanswered(found, service)):
        yield Paragraph(
            f"If {one_line(service)} breaks, these questions have no answer: {' '.join(questions)}"
        )
    gaps = [one for one in found.gaps if one.service == service]
    rows = tuple(
        (
            WORDS[gap.piece].question, why(gap), _points(found, gap), WORDS[gap.piece].effort,
            snippet(gap.piece, found.language_of(gap)), cost_line([gap], past),
        )
        for gap in gaps
    )  # fmt: skip
    columns = ("Cannot answer", "Because", "Points", "Effort", "How to add it", "Past incidents")
    yield Grid(columns, rows) if rows else Paragraph("No gap.", quiet=True)


def _points(found: Readiness, gap: Measured) -> str:
    return figures.number(found.cost(gap), 1)
