"""How much of a drill's budget is used."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.drill_budget import used
from lastgood.model.action import ActionBegun
from lastgood.model.drill import Budget, Drill
from lastgood.model.entry import Resolved
from lastgood.workbench.drill_list import drill_named
from players import at
from records import START
from rooms import room_in

DRILL = replace(drill_named("orders-fail"), budget=Budget(30, 400))
NONE = replace(drill_named("a-ticket"), budget=Budget(30))


@pytest.mark.parametrize(
    ("drill", "payloads", "minutes"),
    [
        (DRILL, (), 20),
        (DRILL, (ActionBegun("restart", "web", "kim"),), 20),
        (DRILL, (ActionBegun("rollback", "checkout", "kim"),), 8),
        (DRILL, (Resolved("over"),), 20),
        (NONE, (Resolved("over"),), 8),
    ],
)
def test_it_is_used_until_the_right_action(
    drill: Drill, payloads: tuple[ActionBegun | Resolved, ...], minutes: float, tmp_path: Path
) -> None:
    """Without an incident, until it is called off; else up to now."""
    with room_in(tmp_path) as room:
        for payload in payloads:
            at(room, 8, payload)
        found = used(drill, room.entries, START, START + timedelta(minutes=20))

    assert found is not None
    assert minutes == found.minutes
    assert minutes * drill.budget.lost_per_minute == found.lost if drill.budget else False


def test_without_a_budget_none_is_used() -> None:
    """It is optional."""
    assert used(replace(DRILL, budget=None), (), START, START) is None
