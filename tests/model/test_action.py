"""Actions: when one is open, lost, or has changed nothing."""

from datetime import timedelta

import pytest

from lastgood.model.action import (
    Action,
    ActionBegun,
    ActionEnded,
    Effect,
    EffectMeasured,
    Run,
    RunEnd,
    Tally,
)
from records import START

BEGUN = ActionBegun("rollback", "checkout", "kim", ("undo", "checkout"))
WELL = ActionEnded(2, Run(RunEnd.EXITED, 0, 1.0, 0, cut_off=False), None)
LATER = START + timedelta(seconds=1)


def done(effect: Effect | None = None) -> Action:
    """An action that ended well, with its effect."""
    measured = EffectMeasured(2, effect, "") if effect else None
    return Action(2, BEGUN, START, WELL, LATER, measured)


def test_what_began_and_has_no_end_is_lost() -> None:
    """Unless it was done elsewhere, where no one records the end."""
    assert Action(2, BEGUN, START).lost
    assert not Action(2, ActionBegun("restart", "db", "lee"), START).lost
    assert (False, LATER) == (done().lost, done().done_at)


@pytest.mark.parametrize(
    ("effect", "is_open"),
    [
        (None, True),
        (Effect.TOO_EARLY, True),
        (Effect.NO_DATA, True),
        (Effect.NO_EFFECT, False),
        (Effect.RECOVERED, False),
    ],
)
def test_an_action_is_open_until_its_effect_is_known(effect: Effect | None, is_open: bool) -> None:
    """Having looked too early is not having measured."""
    assert is_open is done(effect).open


def test_what_was_not_started_changed_nothing() -> None:
    """One that ended badly may have."""
    never = Run(RunEnd.NOT_STARTED, None, 0.0, 0, cut_off=False, problem="no such program")
    badly = Run(RunEnd.EXITED, 1, 0.2, 0, cut_off=False)

    assert not Action(2, BEGUN, START, ActionEnded(2, never, None), START).open
    assert Action(2, BEGUN, START, ActionEnded(2, badly, None), START).open
    assert not badly.succeeded


def test_a_tally_of_nothing_has_no_share_and_no_rate() -> None:
    """Rather than an error."""
    assert (0.0, 0.0) == (Tally(0, 0, 0.0).share, Tally(0, 0, 0.0).rate)
    assert (0.25, 2.0) == (Tally(5, 20, 10.0).share, Tally(5, 20, 10.0).rate)
