"""Actions taken: what was done, in order, each with its end and its effect, folded from entries."""

from dataclasses import replace

from lastgood.model.action import Action, ActionBegun, ActionEnded, EffectMeasured
from lastgood.model.entry import Entry


def actions_after(actions: tuple[Action, ...], entry: Entry) -> tuple[Action, ...]:
    """The actions after one more entry."""
    match entry.payload:
        case ActionBegun() as begun:
            mine = Action(entry.sequence, begun, entry.at)
            return _taken_back((*actions, mine), mine) if begun.elsewhere else (*actions, mine)
        case ActionEnded() as ended:
            return _ended(actions, ended, entry)
        case EffectMeasured() as effect:
            return tuple(
                replace(a, effect=effect, outlived=False) if a.number == effect.begun else a for a in actions
            )
        case _:
            return actions


def _ended(actions: tuple[Action, ...], ended: ActionEnded, entry: Entry) -> tuple[Action, ...]:
    now = tuple(replace(a, ended=ended, ended_at=entry.at) if a.number == ended.begun else a for a in actions)
    mine = next((a for a in now if a.number == ended.begun), None)
    return _taken_back(now, mine) if mine and ended.run.succeeded else now


def _taken_back(actions: tuple[Action, ...], by: Action) -> tuple[Action, ...]:
    """The actions, the one that another took back marked as such."""
    return tuple(replace(a, undone_by=by.number) if a.number == by.begun.undoes else a for a in actions)
