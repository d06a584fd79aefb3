"""What counts of the record of a drill: what people wrote, not what the drill wrote."""

from pathlib import Path

import pytest

from lastgood.errors import NoDataError, UsageError
from lastgood.model.entry import Noted, Opened, Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.team import Joined
from lastgood.workbench.drill import Session
from lastgood.workbench.drill_list import drill_named
from lastgood.workbench.drill_room import RELIEF
from lastgood.workbench.drill_scored import CONFIRM, by_people, refuse_while_open, saw, scored, scored_for
from lastgood.workbench.investigation import ACTOR as SERVER
from lastgood.workbench.paging import ACTOR as PAGER
from players import play_badly, play_well
from records import START
from rooms import room_in
from teams import ROOM

DRILL = drill_named("orders-fail")


def test_lines_of_the_drill_are_nobodys_work(tmp_path: Path) -> None:
    """Page, chat and relief; the same words of a person stay."""
    line = DRILL.chat[0]
    with room_in(tmp_path) as room:
        for actor, text in ((PAGER, DRILL.page), (line.who, line.text), (RELIEF, "x"), ("kim", line.text)):
            room.record.append(room.number, Noted(text), actor=actor, at=room.now)
        room.look()

        assert ["kim", "kim"] == [entry.actor for entry in by_people(DRILL, room.entries)]


def test_a_team_is_scored_as_a_team(tmp_path: Path) -> None:
    """Alone the parts are those of one; a team has more, and a run for each; good and bad stay apart."""
    session = Session(tmp_path, DRILL, START, START)
    with room_in(tmp_path / "good") as good, room_in(tmp_path / "bad") as bad:
        play_well(good, DRILL)
        play_badly(bad, DRILL)
        alone = scored(session, good.entries)
        for room in (good, bad):
            for name, role in ROOM.items():
                room.record.append(room.number, Joined(role), actor=name, at=room.now)
            room.look()
        well, badly = (scored(session, room.entries) for room in (good, bad))

    assert scored_for(DRILL) == tuple(part.name for part in alone.parts)
    # The server of a team asks by itself.
    assert scored_for(DRILL, team=True) == tuple(part.name for part in well.parts if part.name != CONFIRM)
    assert [*ROOM] == [member.name for member in well.team]
    assert () == alone.team
    assert 40 < well.percent - badly.percent
    assert ("measured",) == saw(good.entries)
    with pytest.raises(NoDataError):
        scored(session, ())


def test_what_the_server_asks_by_itself_is_nobodys_confirmation(tmp_path: Path) -> None:
    """It is left out, rather than full points for nothing done."""
    session = Session(tmp_path, DRILL, START, START)
    with room_in(tmp_path) as room:
        room.record.append(room.number, Triaged("", Verdict.YES, "x"), actor=SERVER, at=room.now)
        room.look()
        found = {part.name: part.points for part in scored(session, room.entries).parts}

    assert "confirm" not in found
    assert 0 == sum(found.values())


def test_the_cause_is_hidden_while_the_incident_is_open(tmp_path: Path) -> None:
    """Also where another incident of the drill is over."""
    with room_in(tmp_path) as room:
        with pytest.raises(UsageError, match="incident 1 of this drill is open"):
            refuse_while_open(room.entries)
        room.append(Resolved("rolled back"))
        refuse_while_open(room.entries)
        second = room.record.open(Opened("again"), actor="kim", at=room.now)
        with pytest.raises(UsageError, match="incident 2 of this drill is open"):
            refuse_while_open((*room.entries, second))
