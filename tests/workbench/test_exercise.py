"""The exercises that ship."""

from functools import partial

import pytest

from lastgood.config import configured
from lastgood.errors import UsageError
from lastgood.model.exercise import Exercise, ExerciseKind
from lastgood.surfaces.exercise import message_in
from lastgood.workbench.exercise import answered, exercise_named, exercises

POOR = (
    "We are looking into it and hope to fix it soon.\nRestart everything.\n- Everybody should be more careful"
)


def percent(exercise: Exercise, answer: str) -> float:
    """What an answer is worth."""
    return answered(exercise, answer, configured().rhythm, partial(message_in, exercise)).percent


@pytest.mark.parametrize("exercise", exercises(), ids=lambda one: one.name)
def test_a_model_answer_is_good_and_a_poor_one_is_not(exercise: Exercise) -> None:
    """By the same checks; whoever only repeats the situation does not pass either."""
    assert percent(exercise, exercise.model) > 90
    assert percent(exercise, POOR) < 25
    assert 0 == percent(exercise, "")
    assert 0 == percent(exercise, exercise.situation)
    assert {one.before for one in exercise.points} <= {"", *(one.name for one in exercise.points)}


def test_ten_of_every_kind() -> None:
    """One that is not there is named with those that are."""
    assert 10 == len(exercises())
    assert {*ExerciseKind} == {one.kind for one in exercises()}
    with pytest.raises(UsageError, match="no exercise 'x'") as none:
        exercise_named("x")
    assert "first-update" in none.value.hint


def test_the_check_of_updates_decides() -> None:
    """An internal name, a number that was not measured, a missing time."""
    public, team = exercise_named("public-update"), exercise_named("first-update")
    internal = public.model.replace("sign-ins fail", "calls of identity-2 fail")
    wrong = team.model.replace("4.9 %", "12 %")
    timeless = team.model.replace("Next update: 15:15 UTC", "")

    for exercise, worse in ((public, internal), (team, wrong), (team, timeless)):
        assert percent(exercise, worse) < percent(exercise, exercise.model)
