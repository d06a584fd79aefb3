"""Whose code a commit changes, and how old it is; held against `git blame` of a real repository."""

import random
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from lastgood.algorithms.code_history import author, histories, touched
from lastgood.model.release import CarriedCommit
from records import START

HEAD = "--- a/web/a.py\n+++ b/web/a.py\n@@ -1,3 +1,3 @@\n"


def commit(
    name: str, day: float, diff: str, *, who: str = "kim", files: tuple[str, ...] = ()
) -> CarriedCommit:
    """A commit of one person, so many days after the start."""
    at = START + timedelta(days=day)
    return CarriedCommit(
        name, at, "web", name, who, files or ("web/a.py",), 1, 1, diff, f"{who}@shop.example"
    )


ADDED = commit("added", 0, f"{HEAD}+first line\n+second line\n+}}\n")
CHANGED = commit("changed", 40, f"{HEAD} first line\n-second line\n+second thing\n }}\n", who="eve")


def test_the_age_of_a_line_and_who_wrote_it() -> None:
    """Also where they come in another order; a brace has no origin."""
    found = histories([CHANGED, ADDED], {"changed", "added"})

    assert (40.0, 1, ("kim",), 40.0) == (
        found["changed"].age_days, found["changed"].lines, found["changed"].writers, found["changed"].writers_seen_days,
    )  # fmt: skip
    assert (1, 0, 1, "kim", 1) == (
        found["changed"].earlier, found["changed"].own, found["changed"].people, found["changed"].most_by, found["changed"].most_commits,
    )  # fmt: skip
    assert (0, None) == (found["added"].earlier, found["added"].age_days)


def test_lines_added_between_others_are_as_old_as_these() -> None:
    """Where nothing is taken away, the lines around it count."""
    between = commit("between", 3, f"{HEAD} first line\n+between\n second line\n")

    found = histories([ADDED, between], {"between"})["between"]

    assert (3.0, 2) == (found.age_days, found.lines)


def test_what_is_not_recorded_is_not_known() -> None:
    """A line that no diff added has no age; a commit without an author has no share of its own."""
    other = commit("other", 5, f"{HEAD}-third line\n-second line\n+new\n")
    anonymous = replace(CHANGED, actor="", email="")

    assert histories([ADDED, other], {"other"})["other"].age_days is None
    assert histories([ADDED, anonymous], {"changed"})["changed"].own is None


def test_tests_and_documents_have_no_history() -> None:
    """They do not run where requests are served."""
    assert {} == histories([commit("docs", 1, "", files=("README.md", "tests/test_a.py"))], {"docs"})


def test_a_file_keeps_its_history_under_another_name() -> None:
    """Lines and commits; the old name is one that has to be read."""
    moved = commit(
        "moved",
        2,
        "diff --git a/web/a.py b/web/b.py\nrename from web/a.py\nrename to web/b.py\n",
        files=("web/b.py",),
    )
    later = commit("later", 5, CHANGED.diff.replace("web/a.py", "web/b.py"), files=("web/b.py",))
    found = histories([ADDED, moved, later], {"moved", "later"})

    assert ("web/b.py", "web/a.py") == touched(moved)
    assert (1, 2, 5.0) == (found["moved"].earlier, found["later"].earlier, found["later"].age_days)


def test_one_person_of_two_names() -> None:
    """Is one by the address; without one, the name counts."""
    assert author(ADDED) == author(replace(ADDED, actor="Kim the Great", email="KIM@shop.example"))
    assert "kim" == author(replace(ADDED, email=""))


@given(some.lists(some.text("+- @a\n", max_size=40), max_size=5))
def test_any_diff_is_read(diffs: list[str]) -> None:
    """And no age is below zero."""
    found = histories([commit(str(n), n, diff) for n, diff in enumerate(diffs)], {str(n) for n in range(5)})

    assert all((one.age_days or 0) >= 0 <= one.earlier for one in found.values())


def git(folder: Path, *words: str, day: int = 0) -> str:
    """Run git on a day."""
    when = (START + timedelta(days=day)).isoformat()
    environment = {
        "PATH": "/usr/bin:/bin",
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "HOME": str(folder),
    }
    command = ["git", "-c", "user.name=kim", "-c", "user.email=kim@shop.example", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_ages_are_those_of_git_blame(tmp_path: Path) -> None:
    """Twenty commits that change, add and remove lines at random places: the same median age for each."""
    chance, lines, commits = random.Random(17), [f"line {n} of the first" for n in range(40)], []
    git(tmp_path, "init", "-q", "-b", "main")
    blamed: dict[str, list[float]] = {}
    for day in range(1, 22):
        if day > 1:
            for place in sorted(chance.sample(range(len(lines)), 5), reverse=True):
                lines[place : place + 1] = chance.choice(
                    [[], [f"line {place} of day {day}"], [lines[place], f"more {place} of day {day}"]]
                )
        (tmp_path / "a.py").write_text("".join(f"{line}\n" for line in lines))
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", f"day {day}", day=day)
        diff = git(tmp_path, "show", "--format=", "-p", "HEAD")
        commits.append(commit(f"day {day}", day, diff, files=("a.py",)))
        if day > 1:
            blamed[f"day {day}"] = ages(tmp_path, diff, day)
    found = histories(commits, {*blamed})

    assert blamed
    for name, expected in blamed.items():
        expected.sort()
        middle = (expected[(len(expected) - 1) // 2] + expected[len(expected) // 2]) / 2
        assert middle == found[name].age_days, name


def ages(folder: Path, diff: str, day: int) -> list[float]:
    """In days, of each line that a diff takes away; of a place that loses none, of those around it; by git blame of the commit before."""
    found: list[float] = []
    for part in re.split(r"^@@ ", diff, flags=re.MULTILINE)[1:]:
        start, body = int(part.split(",")[0].split(" ")[0].removeprefix("-")), part.split("\n")[1:]
        old = [line for line in body if line[:1] in {"-", " "}]
        whole = git(folder, "blame", "--line-porcelain", "-L", f"{start},+{len(old)}", "HEAD~1", "--", "a.py")
        times = re.findall(r"^author-time (\d+)$", whole, re.MULTILINE)
        lost = [n for n, line in enumerate(old) if line[0] == "-"] or range(len(old))
        found += [day - (int(times[n]) - START.timestamp()) / 86_400 for n in lost]
    return found
