"""Drill scored: what the record of a drill is worth, alone or as a team."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lastgood.algorithms.drill_budget import used
from lastgood.algorithms.drill_score import score
from lastgood.algorithms.team_score import members, team_score
from lastgood.errors import NoDataError, UsageError
from lastgood.incidents.people import team_of
from lastgood.incidents.state import incident_of
from lastgood.model.drill import BudgetUsed, Drill, DrillScore
from lastgood.model.entry import Entry, Noted, Triaged
from lastgood.model.team import TeamRole
from lastgood.workbench.drill import Session
from lastgood.workbench.drill_room import RELIEF
from lastgood.workbench.investigation import ACTOR as SERVER
from lastgood.workbench.paging import ACTOR as PAGER

CONFIRM = "confirm"  # the part for asking what is wrong


def scored(session: Session, recorded: Sequence[Entry]) -> DrillScore:
    """What the record of a session is worth; with the parts of a team where several joined.

    Raises:
        NoDataError: nothing is recorded.
    """
    entries = by_people(session.drill, recorded)
    if not entries:
        raise NoDataError(
            "The drill has no record.", hint="Open the incident first: lastgood incident open TITLE"
        )
    drill, paged_at, team = session.drill, session.paged_at, team_of(entries)
    own = [p for p in score(drill, entries, paged_at).parts if p.name != CONFIRM or _asked(recorded)]
    return DrillScore(
        drill.name,
        (*own, *team_score(drill, entries, paged_at, team)),
        members(drill, entries, paged_at, team),
        used(drill, entries, paged_at, max(one.at for one in entries)),
    )


def refuse_while_open(recorded: Sequence[Entry]) -> None:
    """Nothing, where every incident of the record is over: the score shows the cause.

    Raises:
        UsageError: one is open.
    """
    for number in sorted({one.incident for one in recorded}):
        own = sorted((one for one in recorded if one.incident == number), key=lambda one: one.sequence)
        if not incident_of(own).status.over:
            raise UsageError(
                f"The score shows the cause, and incident {number} of this drill is open.",
                hint="Resolve it: lastgood incident resolve WHY. Or give up: lastgood drill score --give-up",
            )


def budget_used(session: Session, recorded: Sequence[Entry], now: datetime) -> BudgetUsed | None:
    """How much of the budget of a session is used by now; None without one."""
    return used(session.drill, recorded, session.paged_at, now)


def by_people(drill: Drill, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries without what the drill and its server wrote: page and chat, which may name the cause, and answers."""
    chat = {(line.who, line.text) for line in drill.chat}
    return tuple(
        one
        for one in entries
        if not (
            isinstance(one.payload, Noted)
            and (one.actor in {PAGER, RELIEF} or (one.actor, one.payload.text) in chat)
        )
        and not _by_the_server(one)
    )


def _by_the_server(one: Entry) -> bool:
    return isinstance(one.payload, Triaged) and one.actor == SERVER


def _asked(recorded: Sequence[Entry]) -> bool:
    """Whether it was left to people to ask: where the server asks by itself, it is not scored."""
    return not any(map(_by_the_server, recorded))


def scored_for(drill: Drill, *, team: bool = False) -> tuple[str, ...]:
    """What points are given for; in a team with every role, where the server asks what people are not scored for."""
    at, roles = datetime.min.replace(tzinfo=UTC), {role.value: role for role in TeamRole} if team else {}
    parts = (*score(drill, (), at).parts, *team_score(drill, (), at, roles))
    return tuple(part.name for part in parts if not (team and part.name == CONFIRM))


def saw(recorded: Sequence[Entry]) -> tuple[str, ...]:
    """What the first sitrep of the record showed; nothing where none was recorded."""
    first = next((e.payload for e in recorded if isinstance(e.payload, Triaged)), None)
    return (first.because,) if first else ()
