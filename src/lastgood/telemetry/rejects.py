"""Rejects: the lines that loading did not take, as they are kept."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.model.clock import from_nanoseconds
from lastgood.telemetry.engine import Engine


@dataclass(frozen=True, slots=True)
class SavedReject:
    """One line that was not taken."""

    loaded_at: datetime
    path: str
    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class SavedRejects:
    """The newest rejects, and how many there are in all."""

    items: tuple[SavedReject, ...]
    total: int


def saved_rejects(engine: Engine, limit: int) -> SavedRejects:
    """The rejects of a store: those of the newest load first, in the order of their files."""
    table = f"{engine.database}.lg_rejects"
    total = engine.query(f"SELECT count() AS n FROM {table}").rows[0]["n"]
    rows = engine.query(
        f"SELECT toUnixTimestamp64Nano(LoadedAt) AS at, Path, Line, Reason, Text FROM {table} "
        "ORDER BY LoadedAt DESC, Path, Line LIMIT {most:UInt64}",
        {"most": limit},
    ).rows
    items = tuple(
        SavedReject(from_nanoseconds(row["at"]), row["Path"], row["Line"], row["Reason"], row["Text"])
        for row in rows
    )
    return SavedRejects(items, total)
