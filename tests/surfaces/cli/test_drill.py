"""`lastgood drill` with the ordinary tools."""

import shlex
from pathlib import Path

import pytest

from commands import lastgood


@pytest.mark.slow
def test_a_drill_starts_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page can be pasted; chat lines arrive; without a record there is no score."""
    done = lastgood(
        tmp_path,
        "drill",
        "start",
        "orders-fail",
        "--folder",
        str(tmp_path / "d"),
        "--now",
        "2026-12-01T10:00:00Z",
    )
    exported = [
        line.removeprefix("export ") for line in done.stdout.splitlines() if line.startswith("export ")
    ]
    reported = dict(shlex.split(line)[0].split("=", 1) for line in exported)
    monkeypatch.setenv("LASTGOOD_DRILL", reported["LASTGOOD_DRILL"])
    looked = lastgood(tmp_path, "drill", "look", "--now", "2026-12-01T10:07:00Z")
    scored = lastgood(tmp_path, "drill", "score")

    assert [0, 0, 3] == [one.returncode for one in (done, looked, scored)], done.stderr + looked.stderr
    assert ["10:02", "10:06"] == [line[:5] for line in looked.stdout.splitlines()]
    assert "telemetry until 10:07:00" in looked.stderr
    assert {"LASTGOOD_STORE", "LASTGOOD_RECORD"} <= reported.keys()
