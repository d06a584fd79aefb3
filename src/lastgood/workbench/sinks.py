"""Sinks: which of the settings take what, and how messages are handed to them, one failure keeping no other from being informed."""

from collections.abc import Iterator
from dataclasses import replace

from lastgood.config import Config
from lastgood.model.clock import Clock
from lastgood.model.message import Audience, Delivered, Occasion
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks.failure import NotSentError, UnsureError
from lastgood.outside.sinks.made import Sink, made
from lastgood.workbench.faults import fault_of
from lastgood.workbench.room import Room


def sinks(config: Config, clock: Clock, audience: Audience) -> Iterator[Sink]:
    """The sinks of the settings that take updates to an audience."""
    for one in config.settings.sink:
        if audience in one.audiences:
            yield made(one, clock)


def link_to(config: Config, number: int) -> str:
    """The page of an incident; empty where the settings do not say where the server is."""
    base = config.settings.team.url.rstrip("/")
    return f"{base}/incidents/{number}" if base else ""


def earlier(room: Room, sink: str) -> str:
    """What a sink calls the update that was sent there before; empty where none was.

    What came with an imported case does not count: it could lead an update elsewhere.
    """
    foreign = room.record.imported(room.number)
    own = (entry.payload for entry in reversed(room.entries) if entry.sequence not in foreign)
    found = (
        said.reference
        for said in own
        if isinstance(said, Delivered)
        and (said.sink, said.what, said.arrived) == (sink, Occasion.UPDATE, True)
        and said.reference
    )
    return next(found, "")


def handed(sink: Sink, outgoing: Outgoing, about: int, before: str, removed: str = "") -> Delivered:
    """What came of handing a message to a sink; whatever it raises is its failure alone."""
    what = outgoing.occasion
    key = outgoing.key if what in {Occasion.PAGE, Occasion.CLEAR} else ""
    failed = Delivered(about, sink.name, arrived=False, detail="", what=what, reference=key)
    try:
        sent = sink.send(outgoing, before)
    except NotSentError as problem:
        return replace(failed, detail=str(problem), unsure=isinstance(problem, UnsureError))
    except Exception as fault:  # noqa: BLE001 - one sink that fails must not keep the others from being informed
        return replace(failed, detail=fault_of(fault))
    return replace(failed, arrived=True, detail=f"{sent.detail}{removed}", reference=key or sent.reference)
