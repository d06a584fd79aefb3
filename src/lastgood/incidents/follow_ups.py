"""Follow-ups folded from entries, of one incident or of many."""

from collections.abc import Iterable
from dataclasses import replace

from lastgood.model.entry import Entry
from lastgood.model.follow_up import FollowUp, FollowUpAdded, FollowUpMoved, Stage


def follow_ups(entries: Iterable[Entry]) -> tuple[FollowUp, ...]:
    """Every follow-up as it stands, in the order in which they were added."""
    found: dict[tuple[int, int], FollowUp] = {}
    for entry in entries:
        match entry.payload:
            case FollowUpAdded() as added:
                name = (entry.incident, entry.sequence)
                found[name] = FollowUp(*name, added, Stage.OPEN, entry.at, "")
            case FollowUpMoved(number, to, because) if (entry.incident, number) in found:
                name = (entry.incident, number)
                found[name] = replace(found[name], stage=to, since=entry.at, because=because)
            case _:
                pass
    return tuple(found.values())
