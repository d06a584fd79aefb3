"""Two who play drills: one who works by the method, and one who does not. Both write to a real record."""

from datetime import date, timedelta

from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import SeverityLevel
from lastgood.model.drill import Drill
from lastgood.model.entry import Frozen, Noted, Payload, Resolved, SeveritySet, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpAdded, FollowUpType
from lastgood.model.hypothesis import HypothesisAdded, Predicted
from lastgood.model.message import Audience, Message, Updated, UpdateStatus
from lastgood.model.postmortem import Part, Written
from lastgood.workbench.room import Room

CLEAR = "4.9 % of checkouts fail since 14:45 UTC. Other requests work. Next update at 15:15 UTC."


def play_well(room: Room, drill: Drill) -> None:
    """Confirm, decide, write, mitigate, measure, then explain."""
    truth = drill.truth
    at(room, 2, Triaged("", Verdict.YES if truth.incident else Verdict.NO, "measured"))
    if not truth.incident:
        at(room, 5, updated(CLEAR))
        at(room, 8, Resolved(f"This is {truth.cause[0]}: errors are at their baseline."))
        return
    at(room, 3, SeveritySet(SeverityLevel(truth.severities[0]), "measured"))
    at(room, 4, updated(CLEAR))
    at(room, 5, Frozen("errors", "q", "SELECT 1", {}, None, 1, cut_off=False, content=""))
    kind, _, target = truth.mitigations[0].partition(" ")
    action = at(room, 7, ActionBegun(kind, target, "kim"))
    at(room, 12, EffectMeasured(action, Effect.RECOVERED, "measured"))
    at(room, 14, HypothesisAdded(f"{truth.cause[0]} is the cause", (Predicted("a", "a"),)))
    at(room, 20, Written(Part.MECHANISM, f"{truth.explanation} ({truth.cause[0]})."))
    at(room, 21, Written(Part.AGAIN, "No: the limit is checked at start."))
    at(
        room,
        22,
        FollowUpAdded(
            "Add a check of the limit to the start",
            "kim",
            date(2026, 12, 1),
            next(iter(FollowUpType)),
            "limits",
        ),
    )
    at(room, 24, Resolved(f"{truth.cause[0]} is undone"))


def play_badly(room: Room, drill: Drill) -> None:
    """Guess, restart everything, say nothing, blame. What the tool records by itself at the opening is there too, late."""
    at(room, 13, Triaged("", Verdict.YES, "measured"))
    at(room, 13, Frozen("errors", "q", "SELECT 1", {}, None, 1, cut_off=False, content=""))
    at(room, 25, Noted("Bob broke it again, he should be more careful."))
    at(room, 26, ActionBegun("restart", "everything", "kim"))
    at(room, 27, ActionBegun("rollback", "something-else", "kim"))
    at(room, 40, updated("We are looking into it.", overridden=("vague: We are looking into it.",)))
    at(room, 41, Resolved("It seems fine now."))


def updated(text: str, overridden: tuple[str, ...] = ()) -> Updated:
    """An update to the team."""
    return Updated(Message(UpdateStatus.INVESTIGATING, Audience.TEAM), text, overridden)


def at(room: Room, minute: float, payload: Payload) -> int:
    """Record something so many minutes after the page; its number."""
    return room.append(payload, at=room.now + timedelta(minutes=minute)).sequence
