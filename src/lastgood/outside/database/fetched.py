"""What comes back from a database, taken row by row until a limit is reached, and errors in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from lastgood.errors import BudgetError
from lastgood.model.figures import count, duration
from lastgood.model.sql_answer import Cell
from lastgood.outside.database.limits import Limits


@dataclass(frozen=True, slots=True)
class Fetched:
    """Rows as the database gave them, within the limits."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cut_off: str
    role: str
    estimate: float | None
    sql: str  # as it was run


def bounded(rows: Iterable[Sequence[Any]], limits: Limits) -> tuple[tuple[tuple[Cell, ...], ...], str]:
    """The rows that fit, and the limit that was reached; empty when all of them fit."""
    taken: list[tuple[Cell, ...]] = []
    size, cut = 0, ""
    for row in rows:
        if len(taken) == limits.rows:
            return tuple(taken), f"only the first {count(limits.rows)} rows"
        cells = tuple(_cell(value) for value in row)
        size += sum(len(cell.encode()) if isinstance(cell, str) else 8 for cell in cells)
        if size > limits.answer_bytes:
            return tuple(taken), f"only the first {count(limits.answer_bytes)} bytes"
        kept = tuple(_shortened(cell, limits.cell_characters) for cell in cells)
        if kept != cells:
            cut = f"values are cut after {count(limits.cell_characters)} characters"
        taken.append(kept)
    return tuple(taken), cut


def _shortened(cell: Cell, most: int) -> Cell:
    return cell[:most] + "…" if isinstance(cell, str) and len(cell) > most else cell


def _cell(value: Any) -> Cell:
    """A value as JSON has it; decimals stay text, so that no digit is lost."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes() | bytearray() | memoryview():
            return f"{len(value)} bytes"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def lines(error: BaseException) -> Iterator[str]:
    """What a driver says, line by line."""
    yield from (line.strip() for line in str(error).splitlines() if line.strip())


def too_costly(estimate: float, most: float, unit: str) -> BudgetError:
    """The error of a query that its plan says to be beyond the limit."""
    return BudgetError(
        f"The query was not run: its plan expects {count(estimate)} {unit}, and the limit is {count(most)}.",
        hint="Narrow it by an indexed column or a time, or raise the limit: --max-cost N.",
    )


def too_slow(limits: Limits, *, waiting: bool = False) -> BudgetError:
    """The error of a query that was stopped."""
    if waiting:
        return BudgetError(
            f"The query waited {duration(limits.lock_seconds)} for a lock and was stopped.",
            hint="Another transaction holds the table. See pg_locks, or SHOW PROCESSLIST.",
        )
    return BudgetError(
        f"The query was stopped after {duration(limits.seconds)}.",
        hint="Narrow it by an indexed column or a time, or give it longer: --timeout 20s.",
    )
