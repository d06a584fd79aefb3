"""A git working tree of our own, in a temporary folder: the user's own is never touched, and it is gone afterwards."""

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from lastgood.algorithms.change_lineage import version_number
from lastgood.errors import CannotRunError, UsageError
from lastgood.model.bisection import Commit

# No program of the repository is run by git itself.
_SAFE = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false")
# A hook of git, or `git rebase --exec`, names its own repository by these: git would then change that one.
OF_ANOTHER = frozenset({
    "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE",
})  # fmt: skip
PREFIX = "lastgood-bisect-"
MARKER = (
    "lastgood bisect is running"  # why git has our working tree locked: the mark by which it is known as ours
)
_EMPTY = ("--quiet", "--detach", "--no-checkout")
RUNNING = "running"  # a file that a run holds a lock on
_LONGEST = 300  # seconds of one git command


@dataclass(frozen=True, slots=True)
class Worktree:
    """A working tree that is at one commit at a time."""

    folder: Path

    def at(self, sha: str) -> None:
        """Put it at a commit, without anything that a run before left there.

        Raises:
            CannotRunError: git could not.
        """
        above = self.folder.resolve().parent  # a run may have removed what makes it a working tree
        git(self.folder, "checkout", "--quiet", "--detach", "--force", sha, above=above)
        git(self.folder, "clean", "--quiet", "-ffdx", above=above)


@contextmanager
def worktree(repository: Path) -> Iterator[Worktree]:
    """A new one of a repository. What runs that were killed left there is removed first."""
    _remove_left(repository)
    with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as place:
        folder = Path(place) / "tree"
        with (Path(place) / RUNNING).open("w") as running:
            fcntl.flock(running, fcntl.LOCK_EX)  # the kernel frees it however the run ends
            # Locked from the first moment on: a `git worktree prune` beside it must not take it.
            git(repository, "worktree", "add", "--lock", "--reason", MARKER, *_EMPTY, str(folder), "HEAD")
            try:
                yield Worktree(folder)
            finally:
                _removed(repository, folder)


def _remove_left(repository: Path) -> None:
    """Remove the working trees of runs that were killed: marked as ours, and no longer held by a process."""
    for entry in git(repository, "worktree", "list", "--porcelain").split("\n\n"):
        about = entry.splitlines() or [""]
        folder = Path(about[0].removeprefix("worktree "))
        if f"locked {MARKER}" not in about or not folder.parent.name.startswith(PREFIX):
            continue
        if not _is_running(folder.parent):
            with suppress(CannotRunError):  # another run removes it as well
                _removed(repository, folder)
            rmtree(folder.parent, ignore_errors=True)


def _is_running(place: Path) -> bool:
    try:
        with (place / RUNNING).open() as running:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _removed(repository: Path, folder: Path) -> None:
    git(repository, "worktree", "remove", "--force", "--force", str(folder))  # twice: it is locked


def range_of(repository: Path, good: str, bad: str) -> tuple[Commit, ...]:
    """The commits from good to bad along the first parents, both included, the good one first.

    Where good is on a branch that was merged, the first one is where that branch left the line: what is on the line before
    the merge does not build on good, so good says nothing of it.

    Raises:
        UsageError: it is no repository, a commit is not in it, or good is not before bad.
    """
    first, last = (_commit(repository, name, what) for name, what in ((good, "--good"), (bad, "--bad")))
    if first.sha == last.sha:
        raise UsageError("--good and --bad are the same commit.", hint="Name an older good one.")
    listed = git(
        repository,
        "log",
        "--first-parent",
        "--reverse",
        "--format=%H%x00%P%x00%s",
        f"{first.sha}..{last.sha}",
    )
    rows = [line.split("\0", 2) for line in listed.splitlines()]
    if not _before(repository, first.sha, last.sha):
        swapped = _before(repository, last.sha, first.sha)
        hint = (
            "They are the wrong way round."
            if swapped
            else "Name their common ancestor: git merge-base GOOD BAD"
        )
        raise UsageError(f"{good} is not an ancestor of {bad}.", hint=hint)
    before = rows[0][1].partition(" ")[0]
    if not before:
        raise UsageError(
            f"The first parents of {bad} do not lead to {good}.", hint="Name a commit of that line."
        )
    left = first if before == first.sha else _commit(repository, before, "--good")
    return (left, *(Commit(sha, subject) for sha, _, subject in rows))


def git(folder: Path, *arguments: str, above: Path | None = None) -> str:
    """What git prints; with `above`, no repository at that folder or above it is looked for.

    Raises:
        CannotRunError: it failed; with its own words.
    """
    ended = _git(folder, *arguments, above=above)
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"status {ended.returncode}"]
        raise CannotRunError(f"git {arguments[0]} failed: {said[-1]}")
    return ended.stdout


def _commit(repository: Path, name: str, what: str) -> Commit:
    if name.startswith("-"):
        raise UsageError(f"{what} {name!r} is not a commit.")
    ended = _git(repository, "log", "-1", "--format=%H%x00%s", f"{name}^{{commit}}", "--")
    if ended.returncode:
        if _git(repository, "rev-parse", "--git-dir").returncode:
            raise UsageError(
                f"{repository.resolve()} is not a git repository.", hint="Name one: --repo FOLDER"
            )
        hint = "Name a commit, a tag or a branch of this repository; --repo names another folder."
        alike = [
            tag
            for tag in _git(repository, "tag").stdout.split()
            if version_number(tag) == version_number(name)
        ]
        hint = f"There is a tag {alike[0]}: {what} {alike[0]}" if alike else hint
        raise UsageError(f"{what} {name}: there is no such commit in {repository.resolve()}.", hint=hint)
    return Commit(*ended.stdout.rstrip("\n").split("\0", 1))


def _before(repository: Path, one: str, other: str) -> bool:
    return _git(repository, "merge-base", "--is-ancestor", one, other).returncode == 0


def _git(folder: Path, *arguments: str, above: Path | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER}
    if above is not None:
        environment["GIT_CEILING_DIRECTORIES"] = str(above)
    try:
        return subprocess.run(
            ["git", *_SAFE, "-C", str(folder), *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False, timeout=_LONGEST,
            env=environment,
        )  # fmt: skip
    except OSError as problem:
        raise CannotRunError("git is not there.", hint="Install git, or add it to PATH.") from problem
    except subprocess.TimeoutExpired as problem:
        raise CannotRunError(f"git {arguments[0]} did not end within {_LONGEST} s.") from problem
