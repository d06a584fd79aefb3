"""Small git repositories for tests."""

import subprocess
from pathlib import Path


def git(folder: Path, *words: str) -> str:
    """What git prints, with settings of the test's own."""
    own = ["-c", "user.name=Kim", "-c", "user.email=kim@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *own, "-C", str(folder), *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def history(folder: Path, commits: int, *, bug: int, broken: tuple[int, ...] = ()) -> list[str]:
    """A repository with so many commits; from one on there is a file `bug`, in some there is one `broken`. Gives their ids."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    made = []
    for n in range(commits):
        (folder / "n").write_text(f"{n}\n")
        (folder / "broken").unlink(missing_ok=True)
        if n in broken:
            (folder / "broken").touch()
        if n == bug:
            (folder / "bug").touch()
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", f"change {n}")
        made.append(git(folder, "rev-parse", "HEAD"))
    return made
