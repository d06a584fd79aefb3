"""Files of a bisection: the runs so far, a log for git, and where the fault is likelier."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lastgood.errors import UsageError
from lastgood.model.bisection import Bisection, Commit, RunOutcome, TestRun
from lastgood.workbench.whole_file import whole_file

_COMMIT = re.compile(r"[0-9a-f]{4,64}")


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


class _RankedCommit(msgspec.Struct, frozen=True):
    id: str
    risk: float = 0.0


class _WeighedChange(msgspec.Struct, frozen=True):
    id: str
    kind: str
    confidence: float = 0.0


class _Ranked(msgspec.Struct, frozen=True):
    """What of the two documents says where the fault is likelier."""

    commits: tuple[_RankedCommit, ...] = ()
    changes: tuple[_WeighedChange, ...] = ()


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


def git_log(found: Bisection) -> str:
    """The same as a log that `git bisect replay` reads: each tested commit as it is believed to be."""
    places = {commit.sha: n for n, commit in enumerate(found.commits)}
    first = places[found.first_bad[-1].sha]
    skipped = {one.sha for one in found.runs if one.outcome is RunOutcome.SKIP}
    tested = sorted({places[one.sha] for one in found.runs} | {0, len(found.commits) - 1})
    lines = ["git bisect start"]
    for n in sorted(tested, key=lambda n: (n not in {0, len(found.commits) - 1}, -n)):
        commit = found.commits[n]
        word = "skip" if commit.sha in skipped else "bad" if n >= first else "good"
        lines += [f"# {word}: {_named(commit)}", f"git bisect {word} {commit.sha}"]
    if found.found and len(found.first_bad) == 1:
        lines.append(f"# first bad commit: {_named(found.first_bad[0])}")
    return "\n".join(lines) + "\n"


def _named(commit: Commit) -> str:
    """Its id and subject, without what steers a terminal: people read the log there."""
    subject = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in commit.subject)
    return f"[{commit.sha}] {subject}"


def prior_of(path: Path, commits: Sequence[Commit]) -> list[float]:
    """The weight of each commit, 0 for those that the file does not name.

    The file has lines of a commit and a weight; or it is what `changes --in` or `triage` wrote as JSON: ranked commits.

    Raises:
        UsageError: it cannot be read, or names none of the commits.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"The prior {path} cannot be read: {problem}.") from problem
    weights = _of_document(path, text) if text.lstrip().startswith("{") else _of_lines(path, text)
    found = [
        sum(weight for name, weight in weights.items() if commit.sha.startswith(name)) for commit in commits
    ]
    if any(weight < 0 for weight in found) or sum(found) == float("inf"):
        raise UsageError(f"{path} has weights below 0, or too large.", hint="Write for example: 1f3c9ab 0.4")
    if not any(found):
        raise UsageError(f"{path} names no commit of the range.", hint="Write ids as git does: 1f3c9ab 0.4")
    return found


def _of_lines(path: Path, text: str) -> Mapping[str, float]:
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return dict(_weight(path, number, line) for number, line in enumerate(lines, 1))


def _of_document(path: Path, text: str) -> Mapping[str, float]:
    """Ranked commits of a release by their risk, or weighed changes of a sitrep by their confidence."""
    try:
        ranked = msgspec.json.decode(text, type=_Ranked)
    except msgspec.DecodeError as problem:
        raise UsageError(f"The prior {path} is not JSON of changes --in or triage: {problem}.") from problem
    risky = {one.id: one.risk for one in ranked.commits}
    least = min(risky.values(), default=0.0)
    sure = {one.id: one.confidence for one in ranked.changes if one.kind == "commit"}
    weights = {name: risk - least + 1 for name, risk in risky.items()} | sure
    return {name: weight for name, weight in weights.items() if _COMMIT.fullmatch(name)}


def _weight(path: Path, number: int, line: Sequence[str]) -> tuple[str, float]:
    with suppress(ValueError, IndexError):
        weight = float(line[1])
        if 0 <= weight < float("inf") and len(line[0]) >= 4:
            return line[0], weight
    raise UsageError(
        f"{path} entry {number} is not a commit and a weight.", hint="Write for example: 1f3c9ab 0.4"
    )
