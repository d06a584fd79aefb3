"""A drill that a team plays on a real server, is left, and is resumed."""

from pathlib import Path

import pytest

from commands import lastgood
from lastgood.incidents.record import open_record
from lastgood.model.action import ActionBegun
from lastgood.model.entry import Entry, HandedOver, Noted
from lastgood.model.message import Updated
from lastgood.workbench.drill_room import RELIEF
from servers import Server, serving, until
from teams import Team, person, team_in

pytestmark = pytest.mark.slow
MEASURED = "errors(service=checkout, version=new) / errors(service=checkout, version=old) > 2"


def entries(team: Team) -> tuple[Entry, ...]:
    with open_record(team.session.record, team.clock) as record:
        return record.entries(1)


def served(team: Team) -> dict[str, str]:
    return {"LASTGOOD_DRILL": str(team.session.folder)}


def authors(team: Team, kind: type) -> list[str]:
    return [entry.actor for entry in entries(team) if isinstance(entry.payload, kind)]


def play(team: Team, server: Server) -> None:
    """Lead, communications, operations and an investigator do their part; then the lead's shift ends."""
    ana, bo, cy, di = (person(server, name, password) for name, password in team.passwords.items())
    one = "/incidents/1"
    until(lambda: "deploy checkout-v42" in ana.page(one), 60)
    assert 303 == ana.post(f"{one}/acknowledge").status_code
    assert 303 == ana.post(f"{one}/severity", level="SEV2", because="a third of orders fail").status_code
    said = {"audience": "team", "status": "investigating", "impact": "38 % of orders fail", "next_at": "+20m"}
    assert 303 == bo.post(f"{one}/updates", **said, because="the numbers are of the page").status_code
    assert 303 == di.post(f"{one}/hypotheses", text="v42 breaks orders", predictions=MEASURED).status_code
    by_hand = {"kind": "rollback", "target": "checkout", "how": "hand"}
    acted = cy.post(f"{one}/act", **by_hand)
    assert 303 == acted.status_code, acted.text

    team.ahead(13)
    until(lambda: RELIEF in authors(team, Noted), 30)
    assert {line.who for line in team.session.drill.chat} <= {*authors(team, Noted)}
    assert 303 == ana.post(f"{one}/handover", to="di", because="end of shift").status_code
    assert 303 == di.post(f"{one}/notes", text="I lead now").status_code


def test_a_team_plays_leaves_and_goes_on(tmp_path: Path) -> None:
    """The record shows who did what. The clock stands while it is paused, and while no server runs."""
    team = team_in(tmp_path / "drill")
    with serving(team.session.folder, served(team)) as server:
        play(team, server)
        di = person(server, "di", team.passwords["di"])
        assert 303 == di.post("/drill/clock", to="pause").status_code
        refused = di.post("/incidents/1/notes", text="while it stands")
        assert 400 == refused.status_code
        assert "is stopped" in refused.text
        assert 303 == di.post("/drill/clock", to="resume").status_code
        assert "The score shows the cause" in di.page("/drill/score")
        looked = lastgood(tmp_path, "drill", "look", "--folder", str(team.session.folder))
        assert 0 == looked.returncode, looked.stderr
        assert f"{server.url}/drill" in looked.stderr
        assert "support: " in looked.stdout
        assert 0 == server.ended()

    assert ["bo"] == authors(team, Updated)
    assert ["cy"] == authors(team, ActionBegun)
    assert ["ana"] == authors(team, HandedOver)
    left = max(entry.at for entry in entries(team))
    team.ahead(90)  # they come back later
    with serving(team.session.folder, served(team)) as server:
        assert (team.clock() - left).total_seconds() < 60
        di = person(server, "di", team.passwords["di"])
        over = {"to": "resolved", "because": "checkout v42 is rolled back", "despite": "it is a drill"}
        assert 303 == di.post("/incidents/1/step", **over).status_code
        scored = di.page("/drill/score")

    for words in (
        "to di after",
        "bo 1",
        "cy 1",
        "4 of 4 people",
        "a good run of communications",
        "checkout v42",
    ):
        assert words in scored
