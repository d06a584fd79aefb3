"""What a written answer is worth."""

import pytest

from lastgood.algorithms.exercise_score import MISPLACED, OF_FIT, WRONG_COSTS, actions_in, exercise_score
from lastgood.model.drill import Criterion
from lastgood.model.exercise import Exercise, ExerciseKind, Fit, Point
from lastgood.model.message import Flaw, FlawKind

POINTS = (
    Point("confirm", 20, ("baseline",), "compare", "decide"),
    Point("decide", 10, ("roll ?back",), "decide"),
)
PLAN = Exercise("x", "X", ExerciseKind.PLAN, "", "", "", POINTS, Fit("config_error", (), ("restart",)))


def parts(exercise: Exercise, answer: str, *flaws: Flaw) -> dict[str, Criterion]:
    """The points by name."""
    return {one.name: one for one in exercise_score(exercise, answer, ("flag_off",), flaws)}


def test_a_point_counts_less_after_what_it_should_precede() -> None:
    """And nothing where it is not there."""
    assert 20 == parts(PLAN, "look at the baseline\nroll back")["confirm"].points
    assert 20 * MISPLACED == parts(PLAN, "roll back\nlook at the baseline")["confirm"].points
    assert 0 == parts(PLAN, "roll back")["confirm"].points


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        ("Turn off express-pay.", OF_FIT),
        ("Do not roll back. Turn off express-pay.", OF_FIT),
        ("Turn off express-pay.\nIf it has no effect, restart all.", OF_FIT),
        ("Roll back orders.\nTurn off express-pay.", OF_FIT - WRONG_COSTS),
        ("Turn off express-pay.\nRestart all.", OF_FIT - WRONG_COSTS),
        ("Restart all.", 0),
        ("", 0),
    ],
)
def test_the_first_action_has_to_fit(answer: str, points: float) -> None:
    """What is ruled out, or done only if, is no action; harmful ones cost."""
    assert points == parts(PLAN, answer)["mitigation"].points


def test_each_action_is_measured_before_the_next() -> None:
    """A look after both is too late for the first."""
    measured = parts(PLAN, "Turn off the flag.\nVerify.\nRoll back.\nVerify.")["one change at a time"]
    late = parts(PLAN, "Turn off the flag.\nRoll back.\nVerify.")["one change at a time"]

    assert (10, 5) == (measured.points, late.points)
    assert [(0, "flag_off"), (1, "rollback")] == actions_in(["turn off the flag", "roll back", "no restart"])


def test_flaws_of_an_update_and_follow_ups_that_ask_people() -> None:
    """Each costs; an empty answer earns nothing."""
    update = Exercise("x", "X", ExerciseKind.UPDATE, "", "", "", ())
    tasks = Exercise("x", "X", ExerciseKind.FOLLOW_UPS, "", "", "", ())
    flaw = Flaw(FlawKind.VAGUE, "We look.", 0, 1, "vague", "what?")

    assert (40, 25, 0) == tuple(
        parts(update, text, *flaws)["clear message"].points
        for text, flaws in (("a", ()), ("a", (flaw,)), ("", ()))
    )
    cared = parts(tasks, "- Everybody should be more careful\n- CI refuses long locks\n- Alert on failures")[
        "systems, not people"
    ]
    assert 25 * 2 / 3 == pytest.approx(cared.points)
    assert 0 == sum(one.points for one in parts(tasks, "").values())
