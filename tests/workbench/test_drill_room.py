"""Who joins a drill, and what the drill itself writes into its record."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.incidents.record import open_record
from lastgood.model.entry import Noted, Opened
from lastgood.model.team import TeamRole
from lastgood.workbench.access import ADMIN
from lastgood.workbench.drill import Session
from lastgood.workbench.drill_list import drill_named
from lastgood.workbench.drill_room import RELIEF, join, left_at, room_number, state_of
from lastgood.workbench.paging import ACTOR as PAGER
from records import START, ticking


def test_the_page_opens_the_incident_once(tmp_path: Path) -> None:
    """As an alert would; whoever comes first opens it."""
    session = Session(tmp_path, drill_named("orders-fail"), START, START)
    with open_record(session.record, ticking()) as record:
        assert 1 == room_number(session, record) == room_number(session, record)
        opened, page = record.entries(1)

    assert (PAGER, START, Opened("Orders fail")) == (opened.actor, opened.at, opened.payload)
    assert Noted(session.drill.page) == page.payload


def test_people_join_in_roles(tmp_path: Path) -> None:
    """With a password of their own, once; a role can be changed; one leads; names of the drill are taken."""
    session, clock = Session(tmp_path, drill_named("orders-fail"), START, START), ticking()
    first = join(session, clock, "ana", TeamRole.LEAD)
    second = join(session, clock, " bo ", TeamRole.INVESTIGATOR)
    assert first
    assert second
    assert first != second
    assert join(session, clock, "bo", TeamRole.COMMUNICATIONS) is None
    with pytest.raises(UsageError, match="ana is the lead"):
        join(session, clock, "bo", TeamRole.LEAD)
    for name in (" ", ADMIN, PAGER, RELIEF, "x" * 101):
        with pytest.raises(UsageError, match="name of their own"):
            join(session, clock, name, TeamRole.OPERATIONS)
    with open_record(session.record, clock) as record:
        state = state_of(session, record)
        assert {"ana": TeamRole.LEAD, "bo": TeamRole.COMMUNICATIONS} == state.team
        assert state.entries[-1].at == left_at(session, record)
