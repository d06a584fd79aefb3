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
    assert "# Budget: users give up after 30\u00a0min." in done.stdout.replace(" min.", "\u00a0min.")
    assert "budget: 7" in looked.stderr
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


def test_a_drill_is_left_and_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While its clock stands nothing can be recorded, and people may join; afterwards it can."""
    folder = tmp_path / "d"
    started = lastgood(tmp_path, "drill", "start", "orders-fail", "--team", "--folder", str(folder))
    assert "lastgood drill join" in started.stdout
    assert "who informs" in started.stdout
    for name, value in (
        ("DRILL", folder),
        ("STORE", f"chdb://{folder}/store"),
        ("RECORD", f"sqlite:///{folder}/record.db"),
    ):
        monkeypatch.setenv(f"LASTGOOD_{name}", str(value))
    joined = lastgood(tmp_path, "drill", "join", "ana", "--role", "lead")
    refused = lastgood(tmp_path, "note", "too early")
    resumed = lastgood(tmp_path, "drill", "resume")
    noted = lastgood(tmp_path, "note", "it runs")
    paused = lastgood(tmp_path, "drill", "pause")
    elsewhere = lastgood(tmp_path, "serve", "--store", f"chdb://{tmp_path}/other")
    early = lastgood(tmp_path, "drill", "score", "-o", "json")
    scored = lastgood(tmp_path, "drill", "score", "--give-up", "-o", "json")
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path}/real.db")
    real = lastgood(tmp_path, "serve", "--store", f"chdb://{folder}/store")

    assert (2, "") == (early.returncode, early.stdout)
    assert "drill score --give-up" in early.stderr
    assert 2 == real.returncode
    assert "paged for the drill" in real.stderr
    assert "password" in joined.stdout
    assert [0, 2, 0, 0, 0, 0] == [one.returncode for one in (joined, refused, resumed, noted, paused, scored)]
    assert "lastgood drill resume" in refused.stderr
    assert "stood still for" in resumed.stdout
    assert "The clock stands at" in paused.stdout
    assert [("ana", "lead")] == [(one["name"], one["role"]) for one in json.loads(scored.stdout)["team"]]
    assert 2 == elsewhere.returncode
    assert "its own store and record" in elsewhere.stderr
    assert not (tmp_path / "other").exists()
