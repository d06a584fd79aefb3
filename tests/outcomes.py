"""What tests of sources share: decode bytes without a store, and see that every line is accounted for."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lastgood.decoding.input import Batch, Claim, Input, Reject, Settings, Tally
from lastgood.intake._registry import Source, best_claim

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SETTINGS = Settings(NOW, UTC)


@dataclass(frozen=True)
class Outcome:
    """What a source made of some bytes."""

    claim: Claim
    rows: dict[str, list[dict[str, Any]]]
    rejects: list[Reject]
    tally: tuple[int, int, int, int]  # lines, events, continuations, blanks

    @property
    def balanced(self) -> bool:
        """Whether events, continuations, blanks and rejects make up the lines."""
        return self.tally[0] == sum(self.tally[1:]) + len(self.rejects)


def outcome(
    content: bytes,
    name: str = "a file",
    *,
    by: tuple[Source, Claim] | None = None,
    settings: Settings = SETTINGS,
) -> Outcome:
    """What the source that claims the bytes, or the given one, makes of them."""
    given = Input(None, name, content)
    found = by or best_claim(given)
    assert found is not None, f"nobody claims {content[:80]!r}"
    source, claim = found
    rows: dict[str, list[dict[str, Any]]] = {}
    rejects: list[Reject] = []
    tally = [0, 0, 0, 0]
    with suppress(OSError):  # bytes that begin as an archive and end within it: loading says so
        for item in source.decode(given, claim, settings):
            match item:
                case Batch():
                    rows.setdefault(item.table.name, []).extend(item.rows.to_pylist())
                case Reject():
                    rejects.append(item)
                case Tally():
                    parts = (item.lines, item.events, item.continuations, item.blanks)
                    tally = [a + b for a, b in zip(tally, parts, strict=True)]
    return Outcome(claim, rows, rejects, (tally[0], tally[1], tally[2], tally[3]))
