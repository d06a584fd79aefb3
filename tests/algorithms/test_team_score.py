"""What a team does as a team: each part flips by one deed of the right or the wrong person."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.team_score import OWN_WORK, RELIEVED_AT, good_run, members, team_score
from lastgood.model.action import ActionBegun
from lastgood.model.answers import SeverityLevel
from lastgood.model.drill import Criterion
from lastgood.model.entry import Acknowledged, HandedOver, Noted, Payload, Resolved, SeveritySet
from lastgood.model.team import TeamRole
from lastgood.workbench.drill_list import drill_named
from lastgood.workbench.room import Room
from players import CLEAR, updated
from records import START
from rooms import room_in
from teams import ROOM

DRILL = drill_named("orders-fail")
WITHIN = DRILL.truth.within
ROLLBACK = ActionBegun("rollback", "checkout", "cy")


def by(room: Room, who: str, minute: float, payload: Payload) -> None:
    """A person's entry so many minutes after the page."""
    room.record.append(room.number, payload, actor=who, at=room.now + timedelta(minutes=minute))
    room.look()


def parts(room: Room, team: Mapping[str, TeamRole] = ROOM, name: str = "orders-fail") -> dict[str, Criterion]:
    """By name."""
    return {one.name: one for one in team_score(drill_named(name), room.entries, START, team)}


def play(room: Room) -> None:
    """All four do their part in time."""
    by(room, "ana", 1, Acknowledged("ana"))
    by(room, "ana", 3, SeveritySet(SeverityLevel.SEV2, "measured"))
    by(room, "bo", 4, updated(CLEAR))
    by(room, "di", 6, Noted("v42 is suspected"))
    by(room, "cy", 8, ROLLBACK)
    by(room, "ana", RELIEVED_AT + 2, HandedOver("di", "briefing"))
    by(room, "di", RELIEVED_AT + 3, Noted("I lead now"))


def test_a_team_that_works_as_one_gets_all(tmp_path: Path) -> None:
    """Taken on, handed over, each by whose work it is, at once."""
    with room_in(tmp_path) as room:
        play(room)
        found = parts(room)

    assert {one: part.of for one, part in found.items()} == {one: part.points for one, part in found.items()}
    assert ["taken on", "handover", "who informs", "who acts", "work in parallel"] == list(found)


@pytest.mark.parametrize(
    ("wrong", "name", "points"),
    [
        (lambda room: by(room, "ana", 9, updated(CLEAR)), "who informs", 5),
        (lambda room: by(room, "ana", 9, ROLLBACK), "who acts", 5),
    ],
    ids=["the lead informs too", "the lead acts too"],
)
def test_another_persons_work_costs_its_share(
    wrong: Callable[[Room], None], name: str, points: float, tmp_path: Path
) -> None:
    """One of two by the wrong person is half."""
    with room_in(tmp_path) as room:
        play(room)
        wrong(room)

        assert points == parts(room)[name].points


def test_a_handover_is_prompt_and_taken(tmp_path: Path) -> None:
    """To a person in the room; ten minutes late is half of the time's points; silence after it costs four."""
    with room_in(tmp_path) as room:
        by(room, "ana", RELIEVED_AT + 1, HandedOver("zoe", "briefing"))
        assert 0 == parts(room)["handover"].points
        by(room, "ana", RELIEVED_AT + 10, HandedOver("di", "briefing"))
        assert 3 == parts(room)["handover"].points
        assert "recorded nothing after it" in parts(room)["handover"].seen
        by(room, "di", RELIEVED_AT + 11, Noted("I lead now"))
        assert 7 == parts(room)["handover"].points


def test_work_counts_while_others_work(tmp_path: Path) -> None:
    """Whoever waited longer than a good mitigation takes did not, nor who only acknowledged it."""
    with room_in(tmp_path) as room:
        by(room, "ana", 1, Acknowledged("ana"))
        assert 0 == parts(room)["work in parallel"].points
        by(room, "ana", 2, SeveritySet(SeverityLevel.SEV2, "measured"))
        by(room, "bo", WITHIN, updated(CLEAR))
        by(room, "cy", WITHIN + 0.1, ROLLBACK)
        found = parts(room)["work in parallel"]

    assert 5 == found.points
    assert "2 of 4 people; not cy, di" == found.seen


def test_a_small_team_is_asked_for_less(tmp_path: Path) -> None:
    """Alone there is no part; without communications the lead informs; over before the relief, nothing is handed over."""
    two = {"ana": TeamRole.LEAD, "di": TeamRole.INVESTIGATOR}
    with room_in(tmp_path) as room:
        by(room, "ana", 2, updated(CLEAR))
        by(room, "di", 3, ROLLBACK)
        by(room, "ana", RELIEVED_AT - 1, Resolved("over"))
        found = parts(room, two)
        assert not parts(room, {"ana": TeamRole.LEAD})

    assert "handover" not in found
    assert [10, 10] == [found[name].points for name in ("who informs", "who acts")]


def test_without_an_incident_nobody_has_to_act(tmp_path: Path) -> None:
    """Operations is idle then, and that is right."""
    with room_in(tmp_path) as room:
        by(room, "ana", 1, SeveritySet(SeverityLevel.SEV4, "measured"))
        by(room, "bo", 2, updated(CLEAR))
        by(room, "di", 3, Noted("errors are at their baseline"))
        found = parts(room, name="a-ticket")

    assert "who acts" not in found
    assert 10 == found["work in parallel"].points


def test_each_member_sees_the_own_run_beside_a_good_one(tmp_path: Path) -> None:
    """What was recorded, by minute; a good run of each role, in the order of time."""
    with room_in(tmp_path) as room:
        play(room)
        found = {one.name: one for one in members(DRILL, room.entries, START, ROOM)}

    assert [4] == [minute for minute, _ in found["bo"].did]
    assert [6, RELIEVED_AT + 3] == [minute for minute, _ in found["di"].did]
    assert set(TeamRole) == OWN_WORK.keys()
    for drill in (DRILL, replace(DRILL, truth=replace(DRILL.truth, incident=False))):
        for role in TeamRole:
            times = [step.by for step in good_run(drill, role)]
            assert times == sorted(times)
    assert "rollback checkout" in found["cy"].good[0].text
