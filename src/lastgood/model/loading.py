"""What came of loading: per input, what it was taken for and where every line went."""

from dataclasses import dataclass

from lastgood.model.window import Window

# Why an input was not taken where nothing is wrong with it.
EMPTY, NOBODY = "it is empty", "no source recognises it"


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

    @property
    def failure(self) -> str:
        """Why nothing of it was read, if that is not only that no source knows it."""
        return "" if self.source or self.problem in {EMPTY, NOBODY} else self.problem


@dataclass(frozen=True, slots=True)
class LoadReport:
    """All inputs of one load."""

    inputs: tuple[Loaded, ...]

    @property
    def rows(self) -> int:
        """Everything stored."""
        return sum(sum(i.rows.values()) for i in self.inputs)
