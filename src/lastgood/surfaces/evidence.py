"""Kept evidence in words and as JSON: the claim, the query, the rows, and what differs when it is asked again."""

from collections.abc import Iterator, Sequence
from typing import Any

from lastgood.model import figures
from lastgood.model.entry import Entry, Frozen
from lastgood.surfaces import numbers
from lastgood.surfaces.findings import aligned, plain_values
from lastgood.surfaces.invocation import Invocation, command
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.evidence import Kept, Rerun

MOST_ROWS = 20


def evidence_lines(entries: Sequence[Entry]) -> Iterator[str]:
    """A line for each piece of evidence of an incident."""
    for entry in entries:
        if isinstance(entry.payload, Frozen):
            rows = figures.counted(entry.payload.rows, "row")
            yield f"{numbers.evidence(entry.sequence):<5} {entry.payload.question} {entry.payload.claim} ({rows})".translate(
                PLAIN
            )


def saved_text(kept: Kept, how: Invocation | None = None) -> str:
    """The claim, what it rests on, and how to ask again."""
    return "\n".join(_saved_lines(kept, how or Invocation())).translate(PLAIN) + "\n"


def saved_document(kept: Kept) -> dict[str, Any]:
    """The same as JSON values, with every row that was kept."""
    rows = [dict(zip(kept.columns, row, strict=True)) for row in kept.rows]
    return {
        "entry": kept.entry.sequence,
        "at": figures.stamp(kept.entry.at),
        **plain_values(kept.frozen),
        "kept": rows,
    }


def rerun_text(rerun: Rerun) -> str:
    """What differs now."""
    was, now = len(rerun.kept.rows), rerun.same + len(rerun.new)
    lines = [rerun.kept.frozen.claim]
    if not rerun.gone and not rerun.new:
        lines.append(f"the same {figures.counted(was, 'row')} as {_when(rerun.kept)}")
    else:
        lines.append(
            f"{figures.counted(was, 'row')} {_when(rerun.kept)}, {now} now: "
            f"{rerun.same} the same, {len(rerun.gone)} gone, {len(rerun.new)} new"
        )
    for name, rows in (("gone", rerun.gone), ("new", rerun.new)):
        if rows:
            lines += ["", f"{name}:", *_rows(tuple(sorted(rerun.columns)), rows)]
    if rerun.kept.frozen.cut_off:
        lines += ["", "only the first rows were kept, so rows beyond them count as new"]
    return "\n".join(lines).translate(PLAIN) + "\n"


def rerun_document(rerun: Rerun) -> dict[str, Any]:
    """The same as JSON values."""
    columns = sorted(rerun.columns)
    return {
        **saved_document(rerun.kept),
        "same": rerun.same,
        "gone": [dict(zip(columns, row, strict=False)) for row in rerun.gone],
        "new": [dict(zip(columns, row, strict=False)) for row in rerun.new],
    }


def _saved_lines(kept: Kept, how: Invocation) -> Iterator[str]:
    yield f"{kept.frozen.question} {kept.frozen.claim}"
    yield f"kept by {kept.entry.actor} {_when(kept)}"
    yield ""
    yield from _rows(kept.columns, kept.rows)
    cut = ", cut off by a limit" if kept.frozen.cut_off else ""
    yield f"  {figures.counted(kept.frozen.rows, 'row')}{cut}; sha-256 {kept.frozen.content[:16]}…"
    yield "  -o json has the query"
    yield f"  ask again: {how.completed(command('evidence', kept.entry.sequence, '--rerun'))}"


def _when(kept: Kept) -> str:
    return figures.stamp(kept.entry.at.replace(microsecond=0))


def _rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    cells = [tuple(_cell(value) for value in row) for row in rows[:MOST_ROWS]]
    yield from aligned(tuple(columns), cells)
    if len(rows) > MOST_ROWS:
        yield f"  and {figures.counted(len(rows) - MOST_ROWS, 'more row')}: -o json has all"


def _cell(value: Any) -> str:
    text = (
        figures.amount(value, digits=4)
        if isinstance(value, float)
        else ""
        if value is None
        else " ".join(str(value).split())
    )
    return figures.shortened(text, 60)
