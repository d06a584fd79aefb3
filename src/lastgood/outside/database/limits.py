"""Limits of one query: what bounds its time, its cost and its answer."""

from dataclasses import dataclass

COST = 1_000_000.0  # PostgreSQL's planner units: about a scan of 40 million short rows
EXAMINED = 10_000_000.0  # rows that MySQL expects to read


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a query may run and wait, what it may cost, and how much of its answer is taken."""

    seconds: float = 5.0
    lock_seconds: float = 1.0
    cost: float | None = None  # None: COST or EXAMINED
    rows: int = 200
    cell_characters: int = 4000
    answer_bytes: int = 1_000_000
