"""`lastgood triage` from outside."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import lastgood


@pytest.mark.slow
@pytest.mark.parametrize(("failing", "status"), [(1.0, 1), (0.5, 1), (0.3, 3), (0.01, 0), (0.0, 0)])
def test_the_exit_status_of_data_without_a_past(tmp_path: Path, failing: float, status: int) -> None:
    """1 of an outage from the first line on, 3 where a bad share may be usual, 0 of healthy requests only."""
    start, each = datetime(2026, 11, 20, 12, tzinfo=UTC), 100
    bad = set(range(round(failing * each)))
    (tmp_path / "a.log").write_text(
        "".join(
            json.dumps(
                {
                    "time": (start + timedelta(seconds=n)).isoformat(),
                    "level": "error" if n * 37 % each in bad else "info",
                    "service": "shop",
                    "msg": "payment refused" if n * 37 % each in bad else "payment taken",
                    "status": 500 if n * 37 % each in bad else 200,
                }
            )
            + "\n"
            for n in range(1200)
        )
    )

    done = lastgood(tmp_path / "home", "triage", str(tmp_path / "a.log"), "--now", "2026-11-20T12:20:00Z")

    assert status == done.returncode, done.stdout


@pytest.mark.parametrize("out", ["gone/card.html", "."])
def test_a_file_that_cannot_be_is_refused_before_any_work(tmp_path: Path, out: str) -> None:
    """A missing folder and a folder are mistakes in the request."""
    shown = lastgood(tmp_path, "triage", str(tmp_path), "-o", "html", "--out", str(tmp_path / out))

    assert (2, "") == (shown.returncode, shown.stdout)
    assert " cannot be written: " in shown.stderr
    assert [] == list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_full_disk_is_four(tmp_path: Path) -> None:
    """One sentence; the status of the finding would say that it was written."""
    (tmp_path / "a.log").write_text("2026-11-22T14:00:00Z ERROR pay failed\n")

    shown = lastgood(tmp_path, "triage", str(tmp_path / "a.log"), "-o", "html", "--out", "/dev/full")

    assert 4 == shown.returncode
    assert "lastgood: /dev/full cannot be written: No space left on device.\n" in shown.stderr
    assert "Traceback" not in shown.stderr
