"""`lastgood logs` from outside: data on standard output, notes on standard error."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from commands import lastgood

LINES = "".join(
    f'{{"time": "2026-11-20T14:30:{n:02d}Z", "level": "{level}", "service": "web", "msg": "job {n} done"}}\n'
    for n, level in enumerate(["info", "error", "info", "info"])
)


def test_a_mistake_is_pointed_at_before_anything_is_loaded(tmp_path: Path) -> None:
    """The query with a mark under the mistake, status 2."""
    shown = lastgood(tmp_path, "logs", "service:a AND level:loud", "/nowhere")

    assert 2 == shown.returncode
    assert "service:a AND level:loud\n                    ^\nLevels are" in shown.stderr


def test_two_views_at_once_are_refused(tmp_path: Path) -> None:
    """Patterns and a histogram are different answers."""
    assert 2 == lastgood(tmp_path, "logs", "", "--patterns", "--histogram").returncode


@pytest.mark.slow
def test_searching_files(tmp_path: Path) -> None:
    """JSON is a line each, a limit is said on standard error, patterns and histograms are counted."""
    log = tmp_path / "app.log"
    log.write_text(LINES)

    found = lastgood(tmp_path, "logs", "level:info", str(log), "--limit", "2", "-o", "json")
    assert ["job 2 done", "job 3 done"] == [json.loads(line)["body"] for line in found.stdout.splitlines()]
    assert "limit reached: the newest 2 of 3 matching lines\n" == found.stderr

    old = lastgood(tmp_path, "logs", "level:info", str(log), "--since", "2h")
    assert 3 == old.returncode
    again = old.stderr.partition("add: ")[2].split()
    assert "--now" == again[0]
    assert 0 == lastgood(tmp_path, "logs", "level:info", str(log), "--since", "2h", *again).returncode

    first = json.loads(lastgood(tmp_path, "logs", "", str(log), "-o", "json").stdout.splitlines()[0])
    early = lastgood(tmp_path, "logs", "", str(log), "-o", "json", "--now", first["time"])
    assert 1 >= len(early.stdout.splitlines())

    patterns = lastgood(tmp_path, "logs", "", str(log), "--patterns")
    assert "job <*> done" in patterns.stdout


@pytest.mark.slow
def test_following_a_file_until_interrupted(tmp_path: Path) -> None:
    """What is appended is printed; Ctrl-C ends it with 130."""
    log = tmp_path / "app.log"
    log.write_text(LINES)
    command = [
        sys.executable,
        "-m",
        "lastgood",
        "logs",
        "level:error",
        str(log),
        "--follow",
        "--from",
        "2026-11-20",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        guard = threading.Timer(60, running.kill)
        guard.start()
        assert "job 1 done" in running.stdout.readline()
        with log.open("a") as out:
            out.write(LINES.replace("job", "task").replace(":30:", ":31:"))
        assert "task 1 done" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=30)
        guard.cancel()

    assert 130 == running.returncode
    assert "Traceback" not in errors
