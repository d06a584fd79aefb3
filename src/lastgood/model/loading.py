"""What came of loading: per input, what it was taken for and where every line went."""

from dataclasses import dataclass

from lastgood.model.window import Window


@dataclass(frozen=True, slots=True)
class Rejected:
    """One thing that was not taken: where, why, and its beginning."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """One input's account. events + continuations + blanks + rejects = lines, always."""

    name: str
    source: str  # empty when no source claimed it
    format: str
    because: str
    lines: int
    events: int
    continuations: int
    blanks: int
    rejects: int
    first_rejects: tuple[Rejected, ...]
    services: tuple[str, ...]
    window: Window | None
    rows: dict[str, int]  # by table
    problem: str = ""  # why reading stopped before the end


@dataclass(frozen=True, slots=True)
class LoadReport:
    """All inputs of one load."""

    inputs: tuple[Loaded, ...]

    @property
    def rows(self) -> int:
        """Everything stored."""
        return sum(sum(i.rows.values()) for i in self.inputs)
