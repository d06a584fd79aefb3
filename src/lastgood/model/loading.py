"""What came of loading: per input, what it was taken for and where every line went."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lastgood.model.redaction import Redacted
from lastgood.model.window import Window

AHEAD = "times after now: their zone is not known; give --tz"
# Why an input was not taken where nothing is wrong with it.
EMPTY, NOT_RECOGNISED = "it is empty", "no source recognises it"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One thing that was not taken: where, why, and its beginning."""

    line: int
    reason: str
    text: str


class Aside(StrEnum):
    """Why an input was left aside on purpose, though nothing is wrong with it."""

    SAME = "same file"  # another name of a file that is read
    LINK = "link out of the folder"
    MEMBER = "member of an archive that is not a plain file"


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
    ahead: bool = False  # whether times are after now, of which no zone is stated
    aside: Aside | None = None  # left aside on purpose; `problem` says why
    redacted: Mapping[Redacted, int] = field(
        default_factory=dict
    )  # texts and values in which one was replaced

    @property
    def failure(self) -> str:
        """Why nothing of it was read, if that is not only that no source knows it."""
        return "" if self.source or self.problem in {EMPTY, NOT_RECOGNISED} else self.problem


@dataclass(frozen=True, slots=True)
class Copy:
    """An input whose events are, nearly all, those of another as well: they count twice."""

    name: str
    of: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """All inputs of one load."""

    inputs: tuple[Loaded, ...]
    copies: tuple[Copy, ...] = ()
    missing: tuple[str, ...] = ()  # what is not in them, where they were fetched from a system

    @property
    def read(self) -> tuple[Loaded, ...]:
        """The inputs that were not left aside."""
        return tuple(given for given in self.inputs if given.aside is None)

    def left_aside(self, why: Aside) -> tuple[str, ...]:
        """The names of what was left aside for a reason."""
        return tuple(given.name for given in self.inputs if given.aside is why)

    @property
    def redacted(self) -> Mapping[Redacted, int]:
        """The texts and values in which one of a kind was replaced, in all inputs."""
        return sum((Counter(given.redacted) for given in self.inputs), Counter[Redacted]())

    @property
    def rows(self) -> int:
        """Everything stored."""
        return sum(sum(i.rows.values()) for i in self.inputs)
