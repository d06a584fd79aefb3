"""`lastgood ask` from outside."""

import json
from pathlib import Path

from commands import lastgood


def test_without_a_name_the_questions_are_listed(tmp_path: Path) -> None:
    """Name and words of each, in the order of the method; no store is opened for it."""
    shown = lastgood(tmp_path, "ask", "-o", "json")

    assert 0 == shown.returncode
    assert "When did it start?" in {row["question"] for row in json.loads(shown.stdout)}
    assert not list(tmp_path.iterdir())


def test_an_unknown_question_is_a_usage_error(tmp_path: Path) -> None:
    """The nearest name is proposed, before anything is loaded."""
    shown = lastgood(tmp_path, "ask", "onsett", "/nowhere")

    assert 2 == shown.returncode
    assert "Did you mean 'onset'?" in shown.stderr
