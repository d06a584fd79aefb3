"""Files of a bisection: the runs so far, and where the fault is likelier."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lastgood.errors import UsageError
from lastgood.model.bisection import Commit, TestRun
from lastgood.workbench.whole_file import whole_file


@dataclass(frozen=True, slots=True)
class Bisecting:
    """What tells one bisection from another: its commits, the good end first, and its command."""

    commits: tuple[str, ...]
    command: tuple[str, ...]


class _Saved(msgspec.Struct, frozen=True):
    """What the state file holds."""

    good: str
    bad: str
    command: tuple[str, ...]
    runs: tuple[TestRun, ...] = ()


def save(path: Path, whose: Bisecting, runs: Sequence[TestRun]) -> None:
    """Write the runs down; the file is whole at any moment."""
    saved = _Saved(whose.commits[0], whose.commits[-1], whose.command, tuple(runs))
    with whole_file(path) as file:
        file.write(msgspec.json.format(msgspec.json.encode(saved)))


def resumed(path: Path, whose: Bisecting) -> list[TestRun]:
    """The runs of an earlier time, on commits that are still there.

    Raises:
        UsageError: the file cannot be read, or holds another bisection.
    """
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=_Saved)
    except (OSError, msgspec.DecodeError) as problem:
        raise UsageError(
            f"The state file {path} cannot be read: {problem}.", hint="Name another: --state FILE"
        ) from problem
    if (saved.good, saved.bad, saved.command) != (whose.commits[0], whose.commits[-1], whose.command):
        raise UsageError(f"{path} holds another bisection.", hint="Name another file, or remove it.")
    return [one for one in saved.runs if one.sha in whose.commits]


def prior_of(path: Path, commits: Sequence[Commit]) -> list[float]:
    """The weights of a file with lines of a commit and a number; 0 for those that it does not name."""
    weights: Mapping[str, float] = {}
    try:
        lines = [
            line.split()
            for line in path.read_text("utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ]
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"The prior {path} cannot be read: {problem}.") from problem
    weights = dict(_weight(path, number, line) for number, line in enumerate(lines, 1))
    return [
        sum(weight for name, weight in weights.items() if commit.sha.startswith(name)) for commit in commits
    ]


def _weight(path: Path, number: int, line: Sequence[str]) -> tuple[str, float]:
    with suppress(ValueError, IndexError):
        weight = float(line[1])
        if 0 <= weight < float("inf") and len(line[0]) >= 4:
            return line[0], weight
    raise UsageError(
        f"{path} entry {number} is not a commit and a weight.", hint="Write for example: 1f3c9ab 0.4"
    )
