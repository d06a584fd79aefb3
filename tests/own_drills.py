"""An incident for tests: its telemetry in a store, its course on the record, with names in both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lastgood.decoding.scenario.grammar import parse_text
from lastgood.decoding.scenario.world import make, tables
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import ChangeVerdict, SeverityLevel, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Noted, Resolved, SeveritySet, Triaged
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.writer import Writer
from lastgood.workbench.fixed import OF_FIX
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from postmortems import ASSESSED
from rooms import room_in

OPENED = datetime(2026, 11, 20, 10, 36, tzinfo=UTC)
BEGAN = OPENED - timedelta(minutes=6)
SCENARIO = """
scenario  a deploy of checkout breaks orders
seed      11
time      2026-11-20 09:40 .. 11:20
service   web      instances=web-a.acme.example,web-b.acme.example
service   checkout instances=co-a.acme.example version=v41 then version=v42 at 10:29:40 until 10:50
spans     web "POST /checkout" rate=1/s latency=8ms user.id={user:60} tenant=Bright-Oak:50%,Elm-Hall:50%
call      web "POST /checkout" -> checkout PlaceOrder latency=15ms errors=0.1% then errors=40% error=KeyError at 10:30 until 10:50
logs      checkout error "KeyError for {tenant} of {user.id}" each=failure:checkout
change    deploy checkout v41 -> v42 id=checkout-v42 actor=anna.larsson at 10:29:40
change    deploy checkout v42 -> v41 id=checkout-back actor=anna.larsson at 10:49:50
alert     HighErrorRate web at 10:36 severity=critical
"""
CHANGE = WeighedChange(
    "checkout-v42", ChangeKind.DEPLOY, "checkout", OPENED - timedelta(minutes=6, seconds=20), "v42",
    ChangeVerdict.LIKELY, 0.9, ("20 s before the onset",), (),
)  # fmt: skip
SEEN_THEN = replace(
    ASSESSED, comparison=Comparison(Window(BEGAN - timedelta(minutes=50), BEGAN), Window(BEGAN, OPENED)), since=OPENED - timedelta(minutes=6), ended=OPENED + timedelta(minutes=14), changes=(CHANGE,),
    services=("checkout",), culprits=(), segments=(), first_alert=None,
)  # fmt: skip


@contextmanager
def own_incident(
    folder: Path, *, fixed: bool = True, seen: Triaged = SEEN_THEN, opened: datetime = OPENED
) -> Iterator[Room]:
    """The room of the incident, over."""
    with room_in(folder, "Orders of Bright-Oak fail", now=opened) as room:
        room.append(seen)
        room.append(SeveritySet(SeverityLevel.SEV2, "measured"))
        room.append(Noted("anna.larsson: customers call us"), at=OPENED + timedelta(minutes=2))
        room.append(Noted("it is checkout-v42"), at=OPENED + timedelta(minutes=3))
        room.append(Noted(f"{OF_FIX} is not shown."), at=OPENED + timedelta(minutes=3))
        if fixed:
            begun = room.append(
                ActionBegun("rollback", "checkout", "kim"), at=OPENED + timedelta(minutes=13)
            ).sequence
            room.append(
                EffectMeasured(begun, Effect.RECOVERED, "measured"), at=OPENED + timedelta(minutes=20)
            )
        room.append(Resolved("anna.larsson rolled back"), at=OPENED + timedelta(minutes=25))
        yield room


def fill(store: Store, scenario: str = SCENARIO) -> None:
    """Its telemetry."""
    writer = Writer(store.engine, "own")
    for table, rows in tables(make(parse_text(scenario, Path("own")))):
        writer.add(table, rows)
    writer.flush()
