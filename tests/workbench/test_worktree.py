"""A working tree beside the user's."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree, which

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.workbench.worktree import git, range_of, worktree
from repositories import git as own_git
from repositories import history


def test_it_is_at_one_commit_and_clean_and_gone_afterwards(tmp_path: Path) -> None:
    """Whatever a run left there; hooks of the repository do not run."""
    made = history(tmp_path / "a", 3, bug=1)
    hook = tmp_path / "a" / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\n")
    hook.chmod(0o755)
    with worktree(tmp_path / "a") as tree:
        tree.at(made[2])
        (tree.folder / "n").write_text("changed")
        (tree.folder / "left").touch()
        tree.at(made[0])
        assert {".git", "n"} == {path.name for path in tree.folder.iterdir()}
        assert "0\n" == (tree.folder / "n").read_text()

    assert 1 == len(own_git(tmp_path / "a", "worktree", "list").splitlines())
    assert not (tmp_path / "hooked").exists()
    assert not tree.folder.exists()


def test_the_range_has_both_ends_in_order(tmp_path: Path) -> None:
    """The good one first."""
    made = history(tmp_path, 4, bug=1)

    assert made[1:] == [one.sha for one in range_of(tmp_path, made[1], "main")]
    assert "change 3" == range_of(tmp_path, made[0], "HEAD")[-1].subject


def test_a_tag_of_the_same_version_is_proposed(tmp_path: Path) -> None:
    """Telemetry writes 1.1.0 where the tag is v1.1.0; another name has no such tag."""
    history(tmp_path / "a", 3, bug=1)
    own_git(tmp_path / "a", "tag", "v1.1.0")
    own_git(tmp_path / "a", "tag", "nightly")
    hints = []
    for name in ("1.1.0", "1.2.0", "feature"):
        with pytest.raises(UsageError) as refused:
            range_of(tmp_path / "a", name, "main")
        hints.append(refused.value.hint)

    assert "There is a tag v1.1.0: --good v1.1.0" == hints[0]
    assert all("Name a commit" in hint for hint in hints[1:])


def test_a_range_that_is_none_is_said(tmp_path: Path) -> None:
    """The wrong way round, the same twice, an unknown commit, another branch, no repository."""
    made = history(tmp_path / "a", 3, bug=1)
    own_git(tmp_path / "a", "checkout", "--quiet", "-b", "side", made[0])
    own_git(tmp_path / "a", "commit", "--quiet", "--allow-empty", "-m", "side")
    said = []
    for good, bad in (
        (made[2], made[0]),
        (made[1], made[1]),
        ("v9", "main"),
        ("side", "main"),
        ("--all", "main"),
    ):
        with pytest.raises(UsageError) as refused:
            range_of(tmp_path / "a", good, bad)
        said.append(f"{refused.value.message} {refused.value.hint}")
    with pytest.raises(UsageError, match="is not a git repository"):
        range_of(tmp_path, "a", "b")
    with pytest.raises(CannotRunError, match="git log failed"):
        git(tmp_path / "a", "log", "nothing-here", "--")

    assert ["wrong way round", "same commit", "no such commit", "common ancestor", "is not a commit"] == [
        next(
            word
            for word in (
                "wrong way round",
                "same commit",
                "no such commit",
                "common ancestor",
                "is not a commit",
            )
            if word in one
        )
        for one in said
    ]


def test_what_a_hook_names_is_not_taken_for_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks and `git rebase --exec` set GIT_DIR: HEAD and the index of the user's tree stay as they are."""
    made = history(tmp_path / "a", 3, bug=1)
    before = own_git(tmp_path / "a", "status", "--porcelain"), own_git(tmp_path / "a", "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "a" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "a" / ".git" / "index"))
    with worktree(tmp_path / "a") as tree:
        tree.at(made[0])
        there = (tree.folder / "n").read_text()
    monkeypatch.undo()

    assert "0\n" == there
    assert before == (
        own_git(tmp_path / "a", "status", "--porcelain"),
        own_git(tmp_path / "a", "rev-parse", "HEAD"),
    )


def test_a_tree_that_a_run_removed_is_not_looked_for_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary folders may be in the user's tree, which would be reset then."""
    made = history(tmp_path, 3, bug=1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "n").write_text("in the middle of something")
    with worktree(tmp_path) as tree:
        tree.at(made[2])
        (tree.folder / ".git").unlink()
        with pytest.raises(CannotRunError):
            tree.at(made[0])
        (tree.folder / ".git").write_text(f"gitdir: {tmp_path}/.git/worktrees/tree\n")

    assert "in the middle of something" == (tmp_path / "n").read_text()
    assert made[2] == own_git(tmp_path, "rev-parse", "HEAD")


def test_a_good_commit_on_a_merged_branch_begins_the_range_where_it_left(tmp_path: Path) -> None:
    """Commits beside that branch do not build on it."""
    made = history(tmp_path, 3, bug=1)
    own_git(tmp_path, "checkout", "--quiet", "-b", "side", made[0])
    own_git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "side")
    own_git(tmp_path, "checkout", "--quiet", "main")
    own_git(tmp_path, "merge", "--quiet", "-m", "merge", "side")

    assert ["change 0", "change 1", "change 2", "merge"] == [
        one.subject for one in range_of(tmp_path, "side", "main")
    ]


LISTS = """#!/bin/sh
{git} "$@" || exit
case "$*" in *"worktree add"*) cd {place} && {git} worktree list --porcelain >> {place}.listed;; esac
"""


def test_it_is_locked_from_the_first_moment_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What prunes working trees beside it never finds it unlocked; at the end it is unlocked and gone."""
    place, real = tmp_path / "a", which("git")
    history(place, 2, bug=1)
    own = tmp_path / "bin" / "git"
    own.parent.mkdir()
    own.write_text(LISTS.format(git=real, place=place))
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(own.parent), prepend=":")
    with worktree(place):
        pass

    assert "locked lastgood bisect is running" in (tmp_path / "a.listed").read_text()
    assert not (place / ".git" / "worktrees").exists()


HOLDS = """
import sys, time
from pathlib import Path
from lastgood.workbench.worktree import worktree
with worktree(Path(sys.argv[1])) as tree:
    print(tree.folder, flush=True)
    time.sleep(60)
"""


@contextmanager
def holding(repository: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process that has a working tree of ours, and where."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(repository)], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        left = Path(run.stdout.readline().strip())
        try:
            yield run, left
        finally:
            run.kill()
            run.wait()
            rmtree(left.parent, ignore_errors=True)


@pytest.mark.parametrize("swept", [False, True])
def test_what_a_killed_run_left_is_removed_by_the_next_one(tmp_path: Path, *, swept: bool) -> None:
    """Also where its folder is gone already; a run that is under way keeps its own, and the user theirs."""
    repository, theirs, gone = tmp_path / "a", tmp_path / "theirs", tmp_path / "lastgood-bisect-x" / "tree"
    history(repository, 3, bug=1)
    for place in (theirs, gone):
        own_git(repository, "worktree", "add", "--quiet", "--detach", str(place))
    rmtree(gone)  # of the user, of a name like ours: on a disk that is not mounted
    with holding(repository) as (killed, left), holding(repository) as (_, running):
        killed.kill()
        killed.wait()
        assert left.exists()
        if swept:
            rmtree(left.parent)
        with worktree(repository):
            pass
        listed = own_git(repository, "worktree", "list")
        assert not left.parent.exists()
        assert running.exists()
        assert str(left) not in listed
        assert all(str(place) in listed for place in (running, theirs, gone))
