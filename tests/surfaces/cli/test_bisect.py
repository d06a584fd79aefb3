"""`lastgood bisect` from outside."""

import json
from pathlib import Path

import pytest

from commands import lastgood
from repositories import history


@pytest.mark.slow
def test_it_prints_each_run_and_the_commit(tmp_path: Path) -> None:
    """Runs on stderr, the result on stdout, a log for git; the command comes after --."""
    made = history(tmp_path / "a", 8, bug=5)
    words = [
        "bisect",
        "--repo",
        str(tmp_path / "a"),
        "--good",
        made[0],
        "--flake",
        "0",
        "--log",
        str(tmp_path / "log"),
        "-o",
        "json",
    ]
    done = lastgood(tmp_path, *words, "--", "sh", "-c", "test ! -e bug")
    document = json.loads(done.stdout)

    assert 0 == done.returncode, done.stderr
    assert [made[5]] == [one["sha"] for one in document["first_bad"]]
    assert len(document["runs"]) == sum(line.startswith("run ") for line in done.stderr.splitlines())
    assert (tmp_path / "log").read_text().startswith("git bisect start\n")


@pytest.mark.slow
def test_a_bad_range_is_a_mistake_of_usage(tmp_path: Path) -> None:
    """With the way out."""
    made = history(tmp_path / "a", 3, bug=1)
    done = lastgood(
        tmp_path, "bisect", "--repo", str(tmp_path / "a"), "--good", made[2], "--bad", made[0], "--", "true"
    )

    assert 2 == done.returncode
    assert "wrong way round" in done.stderr
