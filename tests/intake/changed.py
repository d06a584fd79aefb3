"""Decoding in tests: a file's rows by table, its rejects and its account."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


@dataclass
class Decoded:
    """What came of one input."""

    source: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The changes, with attributes as a dictionary."""
        return [{**row, "Attributes": dict(row["Attributes"])} for row in self.rows.get("lg_changes", [])]

    def balanced(self) -> bool:
        """Whether every line went somewhere."""
        reported = self.tally.events + self.tally.continuations + self.tally.blanks + len(self.rejects)
        return self.tally.lines == reported


def decode(path: Path, *, telemetry: Window | None = None, services: tuple[str, ...] = ()) -> Decoded:
    """What the source that claims a file makes of it."""
    given = Input(path, str(path))
    chosen = best_claim(given)
    assert chosen is not None, "nobody claims it"
    source, claim = chosen
    done = Decoded(source.name)
    for item in source.decode(given, claim, Settings(NOW, UTC, telemetry=telemetry, services=services)):
        match item:
            case Batch():
                done.rows.setdefault(item.table.name, []).extend(item.rows.to_pylist())
            case Reject():
                done.rejects.append(item)
            case Tally():
                done.tally = item
    assert done.balanced()
    return done


def written(tmp_path: Path, text: str | bytes, name: str = "given.json") -> Path:
    """A file with this content."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
