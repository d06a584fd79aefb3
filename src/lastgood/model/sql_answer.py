"""What a database answered to one SELECT: its rows, redacted, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """Rows of a database, and everything that was done to them before they were shown."""

    database: str  # its address without credentials
    role: str  # primary, replica, or file
    sql: str  # as it was run
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cut_off: str  # the limit that was reached; empty when these are all rows
    redacted: Mapping[str, int]  # values taken out, by column
    estimate: float | None  # planner cost (PostgreSQL) or rows examined (MySQL); None for SQLite
    seconds: float
