"""Incoming: what a store holds and what flows in, for the page that watches it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.errors import BudgetError
from lastgood.model.flow import Flow
from lastgood.model.signal import Holdings, Signal
from lastgood.model.window import Window
from lastgood.telemetry.flows import flows
from lastgood.workbench.changes import FeedChange, newest
from lastgood.workbench.store import Store

MOST_CHANGES = 12
CHANGES_OF = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is there, what comes, and the last changes."""

    holdings: Holdings
    flows: tuple[Flow, ...]
    changes: tuple[FeedChange, ...]

    def silent(self, now: datetime) -> tuple[Flow, ...]:
        """The flows that stopped, though much more should have come."""
        return tuple(one for one in self.flows if one.silent_for(now))

    def silent_services(self, now: datetime) -> frozenset[str]:
        """The services of which a flow stopped and no other comes: what happens there is not known."""
        coming = {one.service for one in self.flows if one.comes(now)}
        return frozenset(one.service for one in self.silent(now)) - coming


def incoming(store: Store, now: datetime) -> Incoming:
    """What there is as of now; without flows where the store is too slow to tell."""
    looked = store.surveyed()
    assert looked.known is not None  # noqa: S101 - it was surveyed
    holdings, layout = looked.known
    try:
        found = flows(looked.engine, layout, now)
    except BudgetError:
        found = ()
    return Incoming(holdings, found, _changes(looked, holdings, now))


def _changes(store: Store, holdings: Holdings, now: datetime) -> tuple[FeedChange, ...]:
    held = holdings.of(Signal.CHANGES)
    if held is None or held.window is None:
        return ()
    return newest(store, Window(now - CHANGES_OF, max(held.window.end, now)), MOST_CHANGES)
