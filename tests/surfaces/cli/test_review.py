"""`lastgood review` without a terminal."""

import json
from pathlib import Path

import pytest

from commands import lastgood


@pytest.mark.slow
def test_a_question_is_asked_answered_and_scheduled(tmp_path: Path) -> None:
    """One process each, as a script does; the next one is another."""
    moment = ("--now", "2026-12-01T10:00:00Z")
    asked = json.loads(lastgood(tmp_path, "review", "-o", "json", *moment).stdout)
    done = lastgood(tmp_path, "review", "--answer", asked["key"], "--rating", "3", *moment)
    after = json.loads(lastgood(tmp_path, "review", "-o", "json", *moment).stdout)

    assert 0 == done.returncode, done.stderr
    assert "comes back in 10 min" in done.stdout
    assert asked["key"] != after["key"]


@pytest.mark.slow
def test_without_a_terminal_it_says_how_to_answer(tmp_path: Path) -> None:
    """The question, then a sentence and status 2; the command that it prints works."""
    shown = lastgood(tmp_path, "review", "--now", "2026-12-01T10:00:00Z")

    assert 2 == shown.returncode
    assert shown.stdout.startswith("[")
    assert "needs a terminal" in shown.stderr
    assert "Traceback" not in shown.stderr
    seen, rated = (
        shown.stderr.partition(f"{word}: lastgood ")[2].partition("\n")[0].partition(" (")[0].split()
        for word in ("answer", "rate it")
    )
    assert "comes back" not in lastgood(tmp_path, *seen).stdout
    assert "comes back" in lastgood(tmp_path, *rated).stdout
