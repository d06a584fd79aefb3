"""Teams for tests: a drill in a folder, people who join it, and browsers of theirs at its server."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import msgspec

from commands import lastgood
from lastgood.model.team import TeamRole
from lastgood.workbench.drill import Session, session_in
from lastgood.workbench.drill_clock import FILE, DrillClock
from lastgood.workbench.drill_room import join
from servers import Server, now

ROOM = {
    "ana": TeamRole.LEAD,
    "bo": TeamRole.COMMUNICATIONS,
    "cy": TeamRole.OPERATIONS,
    "di": TeamRole.INVESTIGATOR,
}


@dataclass(frozen=True)
class Team:
    """A drill whose clock stands until a server plays it."""

    session: Session
    clock: DrillClock
    passwords: dict[str, str]

    def ahead(self, minutes: float) -> None:
        """Move the clock, as if time had passed."""
        hands = self.clock.hands()
        moved = replace(hands, behind=hands.behind - 60 * minutes)
        (self.session.folder / FILE).write_bytes(msgspec.json.encode(moved))


def team_in(folder: Path, name: str = "orders-fail") -> Team:
    """A drill for four, who have joined."""
    clock = DrillClock(folder, now)
    # In a process of its own: one process has one store, and this one may have another.
    begun = lastgood(folder.parent, "drill", "start", name, "--folder", str(folder))
    assert 0 == begun.returncode, begun.stderr
    session = session_in(folder)
    clock.pause()
    passwords = {person: join(session, clock, person, role) or "" for person, role in ROOM.items()}
    return Team(session, clock, passwords)


@dataclass(frozen=True)
class Person:
    """A person who has logged in."""

    client: httpx.Client
    url: str

    def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form of a page."""
        sent = {"csrf": _token(self.client.get("/drill").text), **form}
        return self.client.post(path, data=sent, headers={"origin": self.url})

    def page(self, path: str) -> str:
        """What a page says."""
        return self.client.get(path).text


def person(server: Server, name: str, password: str) -> Person:
    """One who logs in with the password that was printed."""
    client = server.client()
    form = {"name": name, "password": password, "csrf": _token(client.get("/login").text), "next": "/"}
    assert 303 == client.post("/login", data=form, headers={"origin": server.url}).status_code
    return Person(client, server.url)


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]
