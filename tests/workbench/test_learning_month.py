"""What a month taught."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.entry import Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpMoved, Stage
from lastgood.workbench.learning_month import LAST_ONES, month_of
from postmortems import ASSESSED, FOLLOW_UP
from records import START, ticking
from rooms import config_in, room_in


def test_what_came_back_and_what_was_left_undone(tmp_path: Path) -> None:
    """A follow-up counts while it was open before the next incident of the kind; one that was done in time does not."""
    for number in range(3):
        with room_in(tmp_path, now=START + timedelta(days=number)) as room:
            room.append(ASSESSED)
            begun = room.append(ActionBegun("failover", "payments", "kim")).sequence
            room.append(EffectMeasured(begun, Effect.RECOVERED, "measured"))
            added = room.append(FOLLOW_UP).sequence
            if number == 1:
                room.append(FollowUpMoved(added, Stage.DONE, "merged"))
            room.append(Resolved("well again"))
    with room_in(tmp_path, "Alert again", now=START + timedelta(days=3)) as room:
        room.append(Triaged("", Verdict.NO, "at its baseline"))
        room.append(Resolved("noise"))
    found = month_of(config_in(tmp_path), ticking(), "2026-11")
    before = month_of(config_in(tmp_path), ticking(), "2026-10")

    assert [1, 2, 3, 4] == [one.number for one in found.incidents]
    assert [True, True, True, False] == [one.confirmed for one in found.incidents]
    assert ("failover payments",) == found.incidents[0].fixed_by
    assert [("payments", "dependency_contract_change", (1, 2, 3))] == [
        (one.service, one.failure_class, one.incidents) for one in found.recurring
    ]
    assert [(2, 1), (3, 1)] == [(one.incident, one.since) for one in found.undone]
    assert ("detect", "Alert per issuer") == (found.undone[0].type, found.undone[0].text)
    assert (1, 2, 3) == found.looked_at
    assert len(found.looked_at) <= LAST_ONES
    assert ((), ()) == (before.incidents, before.undone)


@pytest.mark.parametrize("name", ["november", "2026-13", "2026-1"])
def test_what_is_not_a_month(tmp_path: Path, name: str) -> None:
    """Says how one is written."""
    with pytest.raises(UsageError, match="is not a month"):
        month_of(config_in(tmp_path), ticking(), name)
