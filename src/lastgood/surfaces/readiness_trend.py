"""The trend of readiness: each kept run with the parts of its score, and what was closed or opened since the one before."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from lastgood.model import figures
from lastgood.model.evidence import Provenance, Series
from lastgood.model.readiness import KeptGap, KeptRun, Piece
from lastgood.surfaces.charts import Chart, Marks, drawn
from lastgood.surfaces.postmortem.document import Block, Bullets, Grid, Paragraph
from lastgood.surfaces.readiness import one_line, piece_name
from lastgood.surfaces.wording import PLAIN

SHOWN = 12  # runs in a table; the chart has all
MOST_CHARTS = 5  # of parts that changed most, beside that of the score
NONE_KEPT = "No run is kept yet: lastgood readiness --keep"


def trend_text(runs: Sequence[KeptRun]) -> str:
    """For a terminal."""
    return "".join(f"{line}\n" for line in _lines(runs)).translate(PLAIN)


def trend_document(runs: Sequence[KeptRun]) -> dict[str, Any]:
    """For programs."""
    return {
        "schema": "lastgood.readiness-trend/1",
        "runs": [
            {
                "at": one.at.isoformat(), "score": one.score, "parts": {piece.value: share for piece, share in one.parts.items()},
                "services": list(one.services),
                "gaps": [{"piece": gap.piece.value, "service": gap.service, "peer": gap.peer} for gap in one.gaps],
            }
            for one in runs
        ],
    }  # fmt: skip


def trend_blocks(runs: Sequence[KeptRun]) -> Iterator[Block]:
    """For a page: charts of the score and of the parts that changed, a table of the same, and what changed."""
    if not runs:
        yield Paragraph(NONE_KEPT, quiet=True)
        return
    if len(runs) > 1:
        yield from _charts(runs)
    pieces = _moved(runs[-SHOWN:])
    yield Grid(
        ("UTC", "Score", "Gaps", "Services", *map(piece_name, pieces)),
        tuple(
            (f"{one.at:%Y-%m-%d %H:%M}", figures.number(one.score, 0), figures.count(len(one.gaps)), figures.count(len(one.services)), *_shares(one, pieces))
            for one in runs[-SHOWN:]
        ),
    )  # fmt: skip
    if changes := tuple(_changes(runs)):
        yield Bullets(changes)


def _lines(runs: Sequence[KeptRun]) -> Iterator[str]:
    if not runs:
        yield NONE_KEPT
        return
    for one in runs[-SHOWN:]:
        parts = ", ".join(
            f"{piece_name(piece)} {figures.percent(share)}" for piece, share in one.parts.items()
        )
        gaps = figures.counted(len(one.gaps), "gap")
        yield f"{one.at:%Y-%m-%d %H:%M}  {figures.number(one.score, 0):>3} of 100  {gaps}"
        yield f"{'':<18}{parts}"
    yield from _changes(runs)


def _changes(runs: Sequence[KeptRun]) -> Iterator[str]:
    """Of the last two runs."""
    for earlier, last in list(pairwise(runs))[-1:]:
        if mended := last.mended_since(earlier):
            yield f"Closed since the run before: {', '.join(map(_named, mended))}."
        if new := last.new_since(earlier):
            yield f"New since the run before: {', '.join(map(_named, new))}."
        if last.parts.keys() != earlier.parts.keys():
            other = sorted(piece_name(one) for one in last.parts.keys() ^ earlier.parts.keys())
            yield f"The scores are not comparable: only one of the two runs measured {', '.join(other)}."


def _named(gap: KeptGap) -> str:
    place = f"{one_line(gap.service)} to {one_line(gap.peer)}" if gap.peer else one_line(gap.service)
    return f"{piece_name(gap.piece)}{f' of {place}' if place else ''}"


def _charts(runs: Sequence[KeptRun]) -> Iterator[Chart]:
    yield _chart("Readiness score", [one.score for one in runs], runs)
    moved = sorted(_pieces(runs), key=lambda piece: -_range(runs, piece))
    for piece in [one for one in moved if _range(runs, one)][:MOST_CHARTS]:
        values = [100 * share if (share := one.parts.get(piece)) is not None else None for one in runs]
        yield _chart(f"{piece_name(piece).capitalize()}, % there", values, runs)


def _chart(title: str, values: Sequence[float | None], runs: Sequence[KeptRun]) -> Chart:
    times = tuple(one.at for one in runs)
    return drawn(Series(title, "", times, tuple(values), Provenance("", {}, None, len(runs), 0.0)), Marks())


def _moved(runs: Sequence[KeptRun]) -> list[Piece]:
    """The pieces whose share changed, or that not every run measured: with all of them no table fits a page."""
    return [one for one in _pieces(runs) if _range(runs, one) or not all(one in run.parts for run in runs)]


def _range(runs: Sequence[KeptRun], piece: Piece) -> float:
    known = [one.parts[piece] for one in runs if piece in one.parts]
    return max(known) - min(known)


def _pieces(runs: Sequence[KeptRun]) -> list[Piece]:
    return [piece for piece in Piece if any(piece in one.parts for one in runs)]


def _shares(run: KeptRun, pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        yield figures.percent(run.parts[piece]) if piece in run.parts else "no data"
