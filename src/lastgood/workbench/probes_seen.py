"""The probes that the record of an incident keeps, as a question reads them."""

from urllib.parse import urlsplit

from lastgood.model.boundary import ProbeSeen, ProbesSeen
from lastgood.model.entry import Frozen
from lastgood.workbench.probe import ORIGIN_OPTION, PROBE_COMMAND
from lastgood.workbench.room import Room


def probes_seen(room: Room) -> ProbesSeen:
    """The last probe of each host, by the claim that was kept: `URL: place: what shows it`."""
    found: dict[str, ProbeSeen] = {}
    for entry in room.entries:
        kept = entry.payload
        if isinstance(kept, Frozen) and kept.question.startswith(PROBE_COMMAND):
            place, _, said = kept.claim.removeprefix(f"{kept.asked_of}: ").partition(": ")
            host = urlsplit(kept.asked_of).hostname or ""
            found[host] = ProbeSeen(kept.asked_of, place, said, ORIGIN_OPTION in kept.question)
    return ProbesSeen(found)
