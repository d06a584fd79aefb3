"""Suggestions in words."""

from dataclasses import replace
from pathlib import Path

from lastgood.model.entry import Resolved
from lastgood.surfaces.suggestions import suggestion_lines
from lastgood.workbench.missed_pieces import missed
from postmortems import ASSESSED
from rooms import room_in


def test_drills_and_readiness_that_match(tmp_path: Path) -> None:
    """Once it is over, the incident itself can be one; without an incident by the telemetry nothing is lacking."""
    assert ASSESSED.impact is not None
    with room_in(tmp_path) as room:
        assert [] == list(suggestion_lines(room.incident, missed(room.record, room.entries)))
        room.append(replace(ASSESSED, impact=replace(ASSESSED.impact, users=None), changes=()))
        going = list(suggestion_lines(room.incident, missed(room.record, room.entries)))
        room.append(Resolved("failed over"))
        over = list(suggestion_lines(room.incident, missed(room.record, room.entries)))

    assert going[0].endswith("lastgood drill start payments-refused")
    assert any("Who is affected?" in line and "users, minutes of work" in line for line in going)
    assert any("What changed?" in line for line in going)
    assert {"This incident as a drill, without names: lastgood drill from-incident 1"} == {*over} - {*going}


def test_a_path_that_was_not_seen_is_no_question_of_users(tmp_path: Path) -> None:
    """They were counted: the postmortem must not deny it."""
    with room_in(tmp_path) as room:
        room.append(replace(ASSESSED, path=None))
        lines = [*suggestion_lines(room.incident, missed(room.record, room.entries))]

    assert any("“Where does the request path break?” Readiness: traces" in line for line in lines)
    assert not any("Who is affected?" in line for line in lines)
