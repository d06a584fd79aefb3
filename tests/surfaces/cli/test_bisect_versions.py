"""`lastgood bisect-versions` from outside."""

import json
import shlex
from pathlib import Path

import pytest

from commands import lastgood
from repositories import git, history


@pytest.mark.slow
def test_the_first_bad_version_by_an_access_log(tmp_path: Path) -> None:
    """Nothing is run; a version that is not there is a mistake of usage."""
    lines = [
        {
            "timestamp": f"2026-11-20T10:{n // 30:02}:{n % 30:02}Z", "service.name": "web", "service.version": "1.1" if n >= 600 else "1.0",
            "http.request.method": "GET", "url.path": "/a", "http.response.status_code": 500 if n >= 600 and n % 5 == 0 else 200,
        }
        for n in range(1200)
    ]  # fmt: skip
    (tmp_path / "web.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    words = ["bisect-versions", str(tmp_path / "web.jsonl"), "--now", "2026-11-20T11:00:00Z"]
    done = lastgood(tmp_path, *words, "-o", "json")
    place = tmp_path / "my code"
    for commit, tag in zip(history(place, 2, bug=1), ("1.0", "1.1"), strict=True):
        git(place, "tag", tag, commit)
    with_code = lastgood(tmp_path, *words[:2], str(place), *words[2:])
    printed = shlex.split(with_code.stdout.splitlines()[-1])
    onward = lastgood(tmp_path, *printed[1:-1], "sh", "-c", "test ! -e bug")

    assert [
        "lastgood",
        "bisect",
        "--repo",
        str(place),
        "--good",
        "1.0",
        "--bad",
        "1.1",
        "--",
        "TEST",
    ] == printed
    assert "FIRST BAD COMMIT" in onward.stdout, onward.stderr

    assert 0 == done.returncode, done.stderr
    assert ("1.1", "1.0") == (json.loads(done.stdout)["first_bad"], json.loads(done.stdout)["last_good"])
    assert 2 == lastgood(tmp_path, *words, "--good", "9").returncode
