"""The fold of actions: their ends, effects, and what was taken back."""

from incidents.test_state import entries, folded
from lastgood.model.action import Action, ActionBegun, ActionEnded, Effect, EffectMeasured, Run, RunEnd
from lastgood.model.entry import Noted, Payload

BEGUN = ActionBegun("rollback", "checkout", "kim", ("undo", "checkout"))
UNDO = ActionBegun("undo_rollback", "checkout", "kim", ("redo", "checkout"), undoes=2)


def ended(begun: int, status: int = 0) -> ActionEnded:
    """The end of the action that began at an entry."""
    return ActionEnded(begun, Run(RunEnd.EXITED, status, 1.0, 0, cut_off=False), None)


def actions(*payloads: Payload) -> tuple[Action, ...]:
    """What the entries come to."""
    return folded(*payloads).actions


def test_an_action_carries_its_end_and_its_last_effect() -> None:
    """By the entry at which it began, whatever was written in between."""
    early, late = EffectMeasured(2, Effect.TOO_EARLY, "few"), EffectMeasured(2, Effect.RECOVERED, "back")
    (action,) = actions(BEGUN, Noted("running"), ended(2), early, late)

    assert (2, ended(2), late) == (action.number, action.ended, action.effect)
    assert [entry.at for entry in entries(BEGUN, Noted(""), ended(2))][3] == action.ended_at


def test_an_end_that_is_missing_shows() -> None:
    """What a crash in between leaves."""
    (action,) = actions(BEGUN)

    assert (True, True) == (action.lost, action.open)


def test_what_was_taken_back_is_no_longer_open() -> None:
    """Once the command that takes it back has ended well; the taking back is an action of its own."""
    first, undo = actions(BEGUN, ended(2), UNDO, ended(4))
    assert (4, False, True) == (first.undone_by, first.open, undo.open)

    assert actions(BEGUN, ended(2), UNDO, ended(4, status=1))[0].undone_by is None
    assert actions(BEGUN, ended(2), UNDO)[0].undone_by is None


def test_what_was_taken_back_elsewhere_is_so_at_once() -> None:
    """No one records its end."""
    first, _ = actions(BEGUN, ended(2), ActionBegun("undo_rollback", "checkout", "lee", undoes=2))

    assert 4 == first.undone_by


def test_an_end_of_nothing_is_passed_over() -> None:
    """As one of a newer version could be."""
    assert () == actions(ended(9), EffectMeasured(9, Effect.WORSE, ""))
