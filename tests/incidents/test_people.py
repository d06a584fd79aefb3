"""The people whom a record knows."""

from dataclasses import replace

from incidents.test_state import entries
from lastgood.incidents.people import people_of, team_of
from lastgood.model.entry import Acknowledged, Noted
from lastgood.model.team import Joined, TeamRole


def test_people_wrote_an_entry_or_took_the_incident_on() -> None:
    """Each once, in order; a name in the words of a note is not known."""
    opened, taken, noted = entries(Acknowledged("lee"), Noted("Sam saw it"))

    assert ("kim", "lee") == people_of([opened, taken, replace(noted, actor="lee")])


def test_the_last_role_of_a_person_counts() -> None:
    """Who only wrote something has none."""
    opened, *joined = entries(Joined(TeamRole.LEAD), Noted("hello"), Joined(TeamRole.INVESTIGATOR))

    assert {} == team_of([opened, joined[1]])
    assert {"kim": TeamRole.INVESTIGATOR} == team_of([opened, *joined])
