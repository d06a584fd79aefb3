"""`lastgood drill` with the ordinary tools."""

import json
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


def test_an_exercise_is_listed_shown_and_scored(tmp_path: Path) -> None:
    """From a file, also for programs; a file that is not there is named."""
    answer = tmp_path / "answer.txt"
    answer.write_text("1. compare with the baseline")
    listed = lastgood(tmp_path, "drill", "exercise")
    shown = lastgood(tmp_path, "drill", "exercise", "triage-checkout")
    scored = lastgood(tmp_path, "drill", "exercise", "triage-checkout", "--answer", str(answer), "-o", "json")
    missing = lastgood(tmp_path, "drill", "exercise", "triage-checkout", "--answer", str(tmp_path / "no"))

    assert 10 == len(listed.stdout.splitlines())
    assert "02:47" in shown.stdout
    assert 15 == json.loads(scored.stdout)["parts"][0]["points"]
    assert 2 == missing.returncode
    assert "cannot be read" in missing.stderr
