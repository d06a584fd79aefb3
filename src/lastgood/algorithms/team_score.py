"""Team score: what people who play a drill together do as a team: who leads, informs, acts, and whether they work at once.

Points are a judgement, as in `drill_score`. A part is left out where the team is too small for it, or the incident was over
before it was due.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lastgood.algorithms.drill_score import IN_TIME, TOO_LATE, Run, timed
from lastgood.model import figures
from lastgood.model.action import ActionBegun, Captured, EffectMeasured
from lastgood.model.drill import Criterion, Drill, GoodStep, Member
from lastgood.model.entry import (
    Acknowledged,
    Entry,
    Frozen,
    HandedOver,
    Mitigated,
    Noted,
    Resolved,
    SeveritySet,
)
from lastgood.model.hypothesis import HypothesisAdded, HypothesisChecked, HypothesisRuledOut
from lastgood.model.message import Updated
from lastgood.model.postmortem import Written
from lastgood.model.team import TeamRole

RELIEVED_AT = 12.0  # minutes after the page, when the lead is asked to hand over
# To acknowledge it is scored as "taken on", and is no work yet.
OWN_WORK: Mapping[TeamRole, tuple[type, ...]] = {
    TeamRole.LEAD: (SeveritySet, HandedOver, Mitigated, Resolved),
    TeamRole.COMMUNICATIONS: (Updated,),
    TeamRole.OPERATIONS: (ActionBegun, EffectMeasured, Captured),
    TeamRole.INVESTIGATOR: (HypothesisAdded, HypothesisChecked, HypothesisRuledOut, Noted, Written),
}
_INFORMS = (TeamRole.COMMUNICATIONS, TeamRole.LEAD)
_ACTS = (TeamRole.OPERATIONS, TeamRole.INVESTIGATOR, TeamRole.LEAD)  # the first of them that is there


def team_score(
    drill: Drill, entries: Sequence[Entry], paged_at: datetime, team: Mapping[str, TeamRole]
) -> tuple[Criterion, ...]:
    """The parts of the score that only a team has; none where fewer than two joined."""
    if len(team) < 2:
        return ()
    return tuple(_parts(Run(drill, entries, paged_at), team))


def members(
    drill: Drill, entries: Sequence[Entry], paged_at: datetime, team: Mapping[str, TeamRole]
) -> tuple[Member, ...]:
    """What each person recorded, with the minute, beside what a good run of that role does."""
    run = Run(drill, entries, paged_at)
    return tuple(
        Member(
            name,
            role,
            tuple(
                one for one in run.of(object) if _by(one[1], name) and not isinstance(one[1].payload, Frozen)
            ),
            good_run(drill, role),
        )
        for name, role in team.items()
    )


def good_run(drill: Drill, role: TeamRole) -> tuple[GoodStep, ...]:
    """What a role has done in a good run of a drill."""
    truth, within = drill.truth, drill.truth.within
    match role:
        case TeamRole.LEAD:
            over = (
                "Resolve it once the effect is measured."
                if truth.incident
                else "Close it as not an incident."
            )
            return (
                GoodStep(2, "Acknowledge it. State who acts, who informs and who looks for the cause."),
                GoodStep(4, f"Set {' or '.join(truth.severities)} from the measured impact."),
                GoodStep(RELIEVED_AT + IN_TIME, "When relieved, hand over with the reason. The new lead goes on."),
                GoodStep(2 * within, over),
            )  # fmt: skip
        case TeamRole.COMMUNICATIONS:
            return (
                GoodStep(IN_TIME, "Send the first update: what fails, for whom, since when, next update."),
                GoodStep(within, "Send the next one in time, also without news."),
                GoodStep(2 * within, "Report the measured end."),
            )
        case TeamRole.OPERATIONS if truth.incident:
            return (
                GoodStep(within, f"Keep a snapshot, then one of: {', '.join(truth.mitigations)}."),
                GoodStep(within + IN_TIME, "Measure the effect before any other action."),
            )
        case TeamRole.OPERATIONS:
            return (GoodStep(within, "Change nothing."),)
        case TeamRole.INVESTIGATOR:
            cause = truth.explanation if truth.incident else "No signal departs from its baseline."
            return (
                GoodStep(within, "Add a hypothesis with predictions and check it, while others mitigate."),
                GoodStep(2 * within, f"Write the mechanism: {cause}"),
            )


def _parts(run: Run, team: Mapping[str, TeamRole]) -> Iterator[Criterion]:
    yield _taken_on(run)
    if _led_until_relief(run, team):
        yield _handed_over(run, team)
    yield _whose("who informs", run, team, _INFORMS, (Updated,))
    if run.drill.truth.incident:
        yield _whose("who acts", run, team, _ACTS, (ActionBegun,))
    yield _at_once(run, team)


def _taken_on(run: Run) -> Criterion:
    taken = [minute for minute, _ in run.of(Acknowledged)]
    good = "acknowledged within 5 min of the page"
    return timed("taken on", 5, taken[0] if taken else None, good, (IN_TIME, TOO_LATE))


def _led_until_relief(run: Run, team: Mapping[str, TeamRole]) -> bool:
    over = [minute for minute, _ in run.of(Resolved)]
    return TeamRole.LEAD in team.values() and not (over and over[0] < RELIEVED_AT)


def _handed_over(run: Run, team: Mapping[str, TeamRole]) -> Criterion:
    """Six points for the time since the lead was asked, four if the new one then records something."""
    good = "within 5 min of being asked, to a person in the room, who then goes on"
    for minute, entry in run.of(HandedOver):
        if isinstance(entry.payload, HandedOver) and entry.payload.to in team:
            to = entry.payload.to
            asked = max(0.0, minute - RELIEVED_AT)
            goes_on = any(later > minute and _by(one, to) for later, one in run.of(object))
            prompt = timed("", 6, asked, "", (IN_TIME, TOO_LATE)).points
            silent = "" if goes_on else ", who recorded nothing after it"
            seen = f"to {to} after {figures.number(minute, 1)} min{silent}"
            return Criterion("handover", prompt + 4 * goes_on, 10, seen, good)
    return Criterion("handover", 0, 10, "not done", good)


def _whose(
    name: str, run: Run, team: Mapping[str, TeamRole], roles: Sequence[TeamRole], kinds: tuple[type, ...]
) -> Criterion:
    """Ten points for the share of entries by those whose work it is: the first of the roles that a person has."""
    role = next((one for one in roles if one in team.values()), TeamRole.LEAD)
    authors = [entry.actor for _, entry in run.of(*kinds)]
    good = f"only by {role}"
    if not authors:
        return Criterion(name, 0, 10, "not done", good)
    right = sum(team.get(author) is role for author in authors)
    seen = ", ".join(f"{one} {authors.count(one)}" for one in dict.fromkeys(authors))
    return Criterion(name, 10 * right / len(authors), 10, seen, good)


def _at_once(run: Run, team: Mapping[str, TeamRole]) -> Criterion:
    """Ten points for the share of people who did work of their role in the time of a good mitigation."""
    within = run.drill.truth.within
    due = {
        name: role
        for name, role in team.items()
        if run.drill.truth.incident or role is not TeamRole.OPERATIONS
    }
    busy = [
        name
        for name, role in due.items()
        if any(minute <= within and _by(entry, name) for minute, entry in run.of(*OWN_WORK[role]))
    ]
    good = f"all do work of their role within {figures.number(within, 0)} min"
    idle = [name for name in due if name not in busy]
    missing = f"; not {', '.join(idle)}" if idle else ""
    seen = f"{len(busy)} of {figures.counted(len(due), 'person', 'people')}{missing}"
    return Criterion("work in parallel", 10 * len(busy) / max(1, len(due)), 10, seen, good)


def _by(entry: Entry, name: str) -> bool:
    return entry.actor == name
