"""`lastgood reproduce` from outside."""

from pathlib import Path

import pytest

from commands import lastgood

LINES = "".join(
    f'10.0.0.{n} - - [20/Nov/2026:10:00:{n:02} +0000] "POST /orders?n={n} HTTP/1.1" {502 if n % 2 else 200} 12 "-" "curl"\n'
    for n in range(40)
)


@pytest.mark.slow
def test_an_access_log_gives_a_pair_and_says_what_it_lacks(tmp_path: Path) -> None:
    """Files on standard output, what is missing on standard error; a second time the folder is not empty."""
    (tmp_path / "access.log").write_text(LINES)
    words = [
        "reproduce",
        str(tmp_path / "access.log"),
        "--out",
        str(tmp_path / "out"),
        "--now",
        "2026-11-20T10:05:00Z",
    ]
    done, again = lastgood(tmp_path, *words), lastgood(tmp_path, *words)

    assert 0 == done.returncode, done.stderr
    assert {
        "README.md",
        "compose.yaml",
        "failing.sh",
        "working.sh",
        "load.js",
        "locustfile.py",
        "mix.json",
        "requests.hurl",
        "requests.json",
    } == {file.name for file in (tmp_path / "out").iterdir()}
    assert "/orders?n=" in (tmp_path / "out" / "failing.sh").read_text()
    assert "missing: the body of the request was not captured" in done.stderr
    printed = f"lastgood replay {tmp_path}/out --target http://localhost:8000 --body FILE"
    assert printed in done.stderr
    assert "refuses to send this request without one" in done.stderr
    refused = lastgood(tmp_path, *printed.removesuffix(" --body FILE").split()[1:])
    assert (2, True) == (refused.returncode, "--body FILE" in refused.stderr)
    assert (2, True) == (again.returncode, "not an empty folder" in again.stderr)
