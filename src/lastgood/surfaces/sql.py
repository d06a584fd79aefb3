"""The answer of a database, as a table and as JSON."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.sql_answer import Cell, SqlAnswer
from lastgood.surfaces.wording import PLAIN, listed

WIDEST = 60  # characters of a column
_ENDS = {ord("\n"): "⏎", ord("\t"): " "}


def sql_text(answer: SqlAnswer) -> str:
    """The rows under their names, a column as wide as it must be."""
    table = [answer.columns, *([_cell(value) for value in row] for row in answer.rows)]
    widths = [min(WIDEST, max(len(row[place]) for row in table)) for place in range(len(answer.columns))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def sql_notes(answer: SqlAnswer) -> Iterator[str]:
    """What to know about the answer: how many rows, of which server, what is left out."""
    number = figures.counted(len(answer.rows), "row")
    yield f"{number} in {figures.duration(answer.seconds)} from {answer.database} ({answer.role})".translate(
        PLAIN
    )
    if answer.cut_off:
        yield f"cut off: {answer.cut_off}".translate(PLAIN)
    if answer.redacted:
        named = (f"{column} ({figures.counted(many, 'value')})" for column, many in answer.redacted.items())
        yield f"redacted: {listed(named)}".translate(PLAIN)


def sql_document(answer: SqlAnswer) -> dict[str, Any]:
    """The answer as JSON values."""
    return {
        "database": answer.database,
        "role": answer.role,
        "sql": answer.sql,
        "columns": list(answer.columns),
        "rows": [list(row) for row in answer.rows],
        "cut_off": answer.cut_off or None,
        "redacted": dict(answer.redacted),
        "estimate": answer.estimate,
        "seconds": answer.seconds,
    }


def _cell(value: Cell) -> str:
    """A value on one line; nothing in it can steer a terminal."""
    text = "NULL" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return (
        text.translate({**PLAIN, **_ENDS})[: WIDEST - 1] + "…"
        if len(text) > WIDEST
        else text.translate({**PLAIN, **_ENDS})
    )
