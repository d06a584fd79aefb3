"""`lastgood readiness`."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from commands import lastgood

pytestmark = pytest.mark.slow
LINES = "".join(
    json.dumps(
        {
            "time": f"2026-11-20T10:{n // 60:02}:{n % 60:02}Z",
            "level": "info",
            "service": "web",
            "msg": "served",
        }
    )
    + "\n"
    for n in range(300)
)


def asked(tmp_path: Path, *words: str) -> CompletedProcess[str]:
    """The command over a folder with lines of one service."""
    (tmp_path / "web.log").write_text(LINES)
    return lastgood(tmp_path / "home", "readiness", str(tmp_path / "web.log"), *words)


def test_the_gate_of_a_pipeline(tmp_path: Path) -> None:
    """Exit status 1 under the wanted score, 0 at it; the answer is on standard output either way."""
    document = asked(tmp_path, "-o", "json")
    score = json.loads(document.stdout)["score"]
    passed, failed = (asked(tmp_path, "--fail-under", str(limit)) for limit in (int(score), int(score) + 1))

    assert (0, 0, 1) == (document.returncode, passed.returncode, failed.returncode)
    assert passed.stdout == failed.stdout
    assert "web is part of the system and sends no spans" in failed.stdout
    assert "The score is under" in failed.stderr


def test_nothing_to_measure(tmp_path: Path) -> None:
    """Exit status 3, and what to do."""
    empty = tmp_path / "empty"
    empty.mkdir()
    answer = lastgood(tmp_path / "home", "readiness", str(empty))

    assert 3 == answer.returncode
    assert "lastgood: " in answer.stderr


def test_a_rehearsal(tmp_path: Path) -> None:
    """Lines alone have no requests: that is said; an effect that is none, and two of them, are refused."""
    none, wrong = (asked(tmp_path, "--rehearse", text) for text in ("web errors=40%", "web"))
    twice = asked(tmp_path, "--rehearse", "web errors=40%", "--like", "1")

    assert (3, 2, 2) == (none.returncode, wrong.returncode, twice.returncode)
    assert "No request of web" in none.stderr


def test_runs_are_kept_and_shown_and_put_on_a_page(tmp_path: Path) -> None:
    """--keep twice, then --trend without telemetry; the page has the runs; the gate still decides the exit status."""
    page = tmp_path / "page.html"
    kept = [asked(tmp_path, "--keep", "--now", f"2026-11-{day}T12:00Z") for day in (20, 27)]
    gate = asked(tmp_path, "--html", str(page), "--fail-under", "100")
    trend, values = (
        lastgood(tmp_path / "home", "readiness", "--trend", *words) for words in ((), ("-o", "json"))
    )

    assert [0, 0, 1] == [kept[0].returncode, kept[1].returncode, gate.returncode]
    assert ["2026-11-20 12:00", "2026-11-27 12:00"] == [
        row[:16] for row in trend.stdout.splitlines() if row.startswith("2026")
    ]
    assert 2 == len(json.loads(values.stdout)["runs"])
    assert "2026-11-27 12:00" in page.read_text()
    refused = asked(tmp_path, "--html", str(tmp_path))
    assert 2 == refused.returncode
