"""Commits of a scenario made in a real git repository, and read back as Lastgood reads one."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lastgood.decoding.input import Batch, Claim, Input, Settings
from lastgood.intake.git import SOURCE

Row = dict[str, Any]


def through_git(name: str, rows: list[Row]) -> list[Row]:
    """The rows, those of commits of this repository as they come out of it; ids stay those of the scenario."""
    commits = sorted(
        (row for row in rows if row["Kind"] == "commit" and row["Service"] == name),
        key=lambda row: row["Timestamp"],
    )
    with TemporaryDirectory(prefix="scenario-") as folder:
        path = Path(folder) / name
        made = _made(path, commits)
        reported = {row["Id"]: row for row in _read(path, name)}
    read = [
        {
            **row,
            **{
                key: reported[sha][key]
                for key in ("Title", "Files", "Diff", "Additions", "Deletions", "Timestamp")
            },
        }
        for sha, row in zip(made, commits, strict=True)
    ]
    return [row for row in rows if row not in commits] + read


def _made(path: Path, commits: list[Row]) -> list[str]:
    """The repository with these commits on top of a first one that holds what they find; their ids."""
    path.mkdir(parents=True)
    first = commits[0]["Timestamp"] if commits else datetime(2026, 1, 1, tzinfo=UTC)
    _git(path, first, "init", "--quiet", "--initial-branch=main")
    sides = [list(_sides(row["Diff"])) for row in commits]
    for parts in reversed(sides):
        for name, old, _ in parts:
            _write(path / name, old)
    _commit(path, first, "the beginning")
    made = []
    for row, parts in zip(commits, sides, strict=True):
        for name, _, new in parts:
            _write(path / name, new)
        _commit(path, row["Timestamp"], row["Title"])
        made.append(_git(path, first, "rev-parse", "HEAD").strip())
    return made


def _sides(diff: str) -> Iterator[tuple[str, str, str]]:
    """Each file of a diff before and after, as far as the diff shows it."""
    for part in diff.split("diff --git a/")[1:]:
        lines = part.splitlines()
        body = [line for line in lines[3:] if not line.startswith("@@")]
        old, new = (["".join(f"{line[1:]}\n" for line in body if line[:1] in {" ", sign})] for sign in "-+")
        yield lines[0].split(" b/")[0], old[0], new[0]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _commit(path: Path, time: datetime, title: str) -> None:
    _git(path, time, "add", "--all")
    _git(path, time, "commit", "--quiet", "--allow-empty", f"--message={title or 'a change'}")


def _git(path: Path, time: datetime, *arguments: str) -> str:
    stamp = f"{int(time.timestamp())} +0000"
    person = {"NAME": "dev", "EMAIL": "dev@shop.example", "DATE": stamp}
    names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    return subprocess.run(
        ["git", "-C", str(path), *arguments],
        env={**settings, **names},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _read(path: Path, name: str) -> Iterator[Row]:
    given = Input(path, name)
    claim = SOURCE.recognise(given)
    assert isinstance(claim, Claim)
    for part in SOURCE.decode(given, claim, Settings(datetime(2030, 1, 1, tzinfo=UTC), UTC, service=name)):
        if isinstance(part, Batch):
            yield from part.rows.to_pylist()
