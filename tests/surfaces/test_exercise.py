"""Exercises in words."""

from functools import partial

from lastgood.config import configured
from lastgood.model.message import Audience, Message, UpdateStatus
from lastgood.surfaces.exercise import (
    answer_document,
    answer_text,
    exercises_text,
    message_in,
    situation_text,
)
from lastgood.workbench.exercise import answered, exercise_named, exercises

ASKED = exercise_named("first-update")


def test_a_situation_and_a_score_beside_the_model_answer() -> None:
    """The model answer is shown only with a score."""
    found = answered(ASKED, "Impact: some errors", configured().rhythm, partial(message_in, ASKED))
    text, situation = answer_text(found, ASKED), situation_text(ASKED)

    assert ASKED.model.splitlines()[1] in text
    assert ASKED.model.splitlines()[1] not in situation
    assert "--answer FILE" in situation
    assert "good: nothing that" in text
    assert answer_document(found, ASKED)["percent"] == found.percent
    assert len(exercises()) == len(exercises_text(exercises()).splitlines())


def test_a_message_is_read_by_its_labels() -> None:
    """One without facts is no message."""
    bare = Message(UpdateStatus.INVESTIGATING, Audience.TEAM)
    found = message_in(ASKED, ASKED.model, bare)

    assert found is not None
    assert found.next_at is not None
    assert "15:15" == f"{found.next_at:%H:%M}"
    assert message_in(exercise_named("follow-ups"), "x", bare) is None
