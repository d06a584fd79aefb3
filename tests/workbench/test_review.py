"""Questions, and when they come back."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import NoDataError, UsageError
from lastgood.model.drill import DrillScore
from lastgood.model.review import Confidence
from lastgood.workbench.drill_list import drill_named
from lastgood.workbench.played import note_played
from lastgood.workbench.review import deck, first_due, known, summary
from lastgood.workbench.review_questions import method_questions
from players import play_well
from records import START, ticking
from rooms import config_in, room_in


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reviews are kept in a folder of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_questions_come_from_the_method_drills_and_incidents(tmp_path: Path) -> None:
    """One of an incident once it is over: what was known at first, then what came of it."""
    before = deck(config_in(tmp_path), ticking(), "kim")
    note_played(DrillScore("no-stock", ()), ("measured",), START)
    with room_in(tmp_path) as room:
        open_still = deck(config_in(tmp_path), ticking(), "kim")
        play_well(room, drill_named("orders-fail"))
    question = known(deck(config_in(tmp_path), ticking(), "kim"), "incident:1")

    assert 10 <= len(method_questions())
    assert len(method_questions()) == len(before.questions)
    assert {"drill:no-stock"} == open_still.questions.keys() - before.questions.keys()
    assert "measured" in open_still.questions["drill:no-stock"].evidence
    assert ("Checkout failing", "measured") == question.evidence[:2]
    assert any("is undone" in line for line in question.answer)


def test_a_question_comes_back_later_the_better_it_was_known(tmp_path: Path) -> None:
    """It is saved; what is not due is not asked; forgotten ones come first."""
    config, one, other = config_in(tmp_path), "method:two-changes", "method:one-user"
    found = deck(config, ticking(), "kim")
    easy, again = (
        found.answer(key, rating, START)
        for key, rating in ((one, Confidence.EASY), (other, Confidence.AGAIN))
    )
    saved = deck(config, ticking(), "kim")
    due = [question.key for question in saved.due(START + timedelta(minutes=2))]

    assert easy.due > START + timedelta(days=3) > again.due
    assert other == due[0] == first_due(saved, START + timedelta(minutes=2)).key
    assert one not in due
    assert {"seen": 2, "due": len(saved.questions) - 2}.items() <= summary(saved, START).items()
    assert len(found.questions) == len(deck(config, ticking(), "bob").due(START))


def test_nothing_due_and_nothing_known(tmp_path: Path) -> None:
    """Says when the next one is; a file that was broken is named."""
    found = deck(config_in(tmp_path), ticking(), "a/b")
    for key in found.questions:
        found.answer(key, Confidence.EASY, START)
    with pytest.raises(NoDataError) as none:
        first_due(found, START)
    with pytest.raises(UsageError, match="no question"):
        found.answer("x", Confidence.GOOD, START)

    assert "2026-1" in none.value.hint
    found.file.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        deck(config_in(tmp_path), ticking(), "a/b")
