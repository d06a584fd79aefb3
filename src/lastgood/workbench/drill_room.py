"""Drill room: a drill that people play together on one server. Page and chat lines arrive as entries of the record."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.algorithms.team_score import RELIEVED_AT
from lastgood.errors import UsageError
from lastgood.incidents.people import team_of
from lastgood.incidents.record import Record, open_record
from lastgood.incidents.state import incident_of
from lastgood.model.access import Role
from lastgood.model.clock import Clock
from lastgood.model.drill import ChatLine
from lastgood.model.entry import Entry, Noted, Opened
from lastgood.model.incident import Incident
from lastgood.model.team import Joined, TeamRole
from lastgood.workbench.access import ADMIN, Access
from lastgood.workbench.drill import Session, arrived, grown
from lastgood.workbench.handover import LONGEST_NAME
from lastgood.workbench.paging import ACTOR as PAGER
from lastgood.workbench.service import Service, access_only

PASSWORD_BYTES = 12
RELIEF = "duty manager"


@dataclass(frozen=True, slots=True)
class RoomState:
    """What the record of a drill comes to."""

    incident: Incident
    team: dict[str, TeamRole]
    entries: tuple[Entry, ...]


def state_of(session: Session, record: Record) -> RoomState:
    """The incident of a drill, and who joined."""
    entries = record.entries(room_number(session, record))
    return RoomState(incident_of(entries), team_of(entries), entries)


def room_number(session: Session, record: Record) -> int:
    """The incident of a drill; opened by its page, as an alert would, where it is not yet."""
    known = record.incidents()
    if known:
        return known[0]
    opened = record.open(Opened(session.drill.title), actor=PAGER, at=session.paged_at)
    record.append(opened.incident, Noted(session.drill.page), actor=PAGER, at=session.paged_at)
    return opened.incident


def left_at(session: Session, record: Record) -> datetime:
    """When a drill was left: its last telemetry or entry."""
    entries = record.entries(room_number(session, record))
    return max(session.until, *(entry.at for entry in entries))


def join(session: Session, clock: Clock, name: str, role: TeamRole) -> str | None:
    """The password of a person who joins; None for one who is there already, and changes the role.

    Raises:
        UsageError: the name cannot be used, or another person leads.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or name in {ADMIN, PAGER, RELIEF}:
        raise UsageError("A person needs a name of their own.", hint="lastgood drill join NAME --role lead")
    with access_only(session.record, clock) as access, open_record(session.record, clock) as record:
        return _joined(session, access, record, name, role)


def _joined(session: Session, access: Access, record: Record, name: str, role: TeamRole) -> str | None:
    number = room_number(session, record)
    team = team_of(record.entries(number))
    lead = next((one for one, has in team.items() if has is TeamRole.LEAD and one != name), None)
    if role is TeamRole.LEAD and lead is not None:
        raise UsageError(f"{lead} is the lead.", hint="Join in another role. The lead can hand over later.")
    password = None
    if access.accounts.user(name) is None:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        access.add_user(name, password, Role.RESPONDER, actor=name)
    record.append(number, Joined(role), actor=name)
    return password


def play(session: Session, service: Service) -> Session:
    """The session up to now: telemetry in the store, and each line of chat that has arrived as an entry."""
    now, record = service.clock(), service.record
    number = room_number(session, record)
    entries = record.entries(number)
    with service.apart() as store:
        session = grown(session, store.engine, entries, now)
    there = {(one.actor, one.payload.text) for one in entries if isinstance(one.payload, Noted)}
    for line in (*arrived(session, now), *_relief(entries)):
        at = session.paged_at + timedelta(minutes=line.after)
        if at <= now and (line.who, line.text) not in there:
            record.append(number, Noted(line.text), actor=line.who, at=at)
    return session


def _relief(entries: Sequence[Entry]) -> Iterator[ChatLine]:
    """The end of the lead's shift, in a room with a person to hand over to."""
    team = team_of(entries)
    lead = next((name for name, role in team.items() if role is TeamRole.LEAD), None)
    if lead is not None and len(team) > 1:
        yield ChatLine(
            RELIEVED_AT, RELIEF, f"{lead}, your shift ends. Hand the lead over to a person in this room."
        )
