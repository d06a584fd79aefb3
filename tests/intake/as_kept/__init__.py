"""Records of changes as teams keep them, each with what was changed: four lots, and what comes of one.

A record begins with `=== NAME`. A line `> TIME KIND SERVICE VERSION` below says a change, with `|` between what is right and `-`
for nothing; a time without a clock is right on any time of its day. What follows `---` is the file. What no line says is no change.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lastgood.decoding.input import Batch, Input, Settings
from lastgood.intake._registry import best_claim

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wanted:
    """One change that a record tells."""

    time: datetime
    whole_day: bool
    kinds: tuple[str, ...]
    services: tuple[str, ...]
    versions: tuple[str, ...]

    def met_by(self, row: dict[str, Any]) -> bool:
        """Whether a row is that change."""
        time = (
            row["Timestamp"].to_pydatetime()
            if hasattr(row["Timestamp"], "to_pydatetime")
            else row["Timestamp"]
        )
        near = time.date() == self.time.date() if self.whole_day else abs(time - self.time) <= _MINUTE
        named = (row["Service"] or "-").lower() in {one.lower() for one in self.services}
        return near and named and row["Kind"] in self.kinds and (row["Version"] or "-") in self.versions


@dataclass(frozen=True)
class Record:
    """A file and the changes in it."""

    name: str
    content: str
    wanted: tuple[Wanted, ...]

    def wrong(self) -> list[str]:
        """What is missed, and what is taken for a change that is none."""
        left = changes(self.name, self.content)
        missed = []
        for one in self.wanted:
            found = next((row for row in left if one.met_by(row)), None)
            if found is None:
                missed.append(f"missed: {one}")
            else:
                left.remove(found)
        return missed + [f"no change: {row['Title']}" for row in left]


def changes(name: str, content: str) -> list[dict[str, Any]]:
    """The changes that are read in a file."""
    given = Input(None, name, content.encode())
    if (chosen := best_claim(given)) is None:
        return []
    decoded = chosen[0].decode(given, chosen[1], Settings(NOW, UTC))
    batches = [item for item in decoded if isinstance(item, Batch) and item.table.name == "lg_changes"]
    return [row for batch in batches for row in batch.rows.to_pylist()]


def records() -> list[Record]:
    """All of the lots."""
    return [
        _record(part)
        for path in sorted(Path(__file__).parent.glob("*.txt"))
        for part in re.split(r"(?m)^=== ", path.read_text())[1:]
    ]


def _record(part: str) -> Record:
    head, content = part.split("\n---\n", 1)
    name, *said = head.split("\n")
    return Record(name, content, tuple(_wanted(line) for line in said))


def _wanted(line: str) -> Wanted:
    time, kind, service, version = (line[2:].strip().split(" ") + ["-"] * 3)[:4]
    return Wanted(
        datetime.fromisoformat(time).replace(tzinfo=UTC),
        len(time) == len("2026-11-23"),
        tuple(kind.split("|")),
        tuple(service.split("|")),
        tuple(version.split("|")),
    )
