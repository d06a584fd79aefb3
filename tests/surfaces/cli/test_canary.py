"""`lastgood canary` from outside."""

import json
from pathlib import Path

import pytest

from commands import lastgood

LINE = '{{"time":"2026-11-22T14:{m:02}:{s:02}Z","service":"shop","version":"{v}","method":"GET","path":"/a","status":{c},"duration_ms":20,"msg":"GET /a"}}\n'


def access(path: Path, canary_fails: int) -> Path:
    """Twenty minutes of requests of two versions, ten of each a second; of the canary, one in so many fails."""
    with path.open("w") as file:
        for second in range(600):
            for n in range(20):
                version, code = (
                    ("1.1", 500 if n // 2 % canary_fails == 0 and second % 3 == 0 else 200)
                    if n % 2 and second > 60
                    else ("1.0", 200)
                )
                file.write(LINE.format(m=second // 60, s=second % 60, v=version, c=code))
    return path


@pytest.mark.slow
def test_a_bad_canary_is_status_1_and_a_missing_one_3(tmp_path: Path) -> None:
    """In files; the same in JSON."""
    bad = access(tmp_path / "bad.jsonl", 5)
    text = lastgood(tmp_path, "canary", str(bad))
    document = lastgood(tmp_path, "canary", str(bad), "-o", "json")
    missing = lastgood(tmp_path, "canary", str(bad), "--canary", "9.9")

    assert 1 == text.returncode, text
    assert text.stdout.startswith("FAIL: ")
    assert ("fail", 1) == (json.loads(document.stdout)["outcome"], document.returncode)
    assert 3 == missing.returncode
    assert missing.stdout.startswith("INCONCLUSIVE, because no requests of version=9.9")
