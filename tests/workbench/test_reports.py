"""Whether alerts and events of Sentry have stopped."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lastgood.model.action import Action, ActionBegun
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.telemetry.tables import ALERTS, LOGS
from lastgood.workbench.investigate import case_of
from lastgood.workbench.reports import AFTER_ACTION, REPORTS_LEFT, ReportsSeen, reports_seen
from lastgood.workbench.store import Store
from worlds import START, put

DONE = START + timedelta(hours=1)
ROLLED_BACK = Action(3, ActionBegun("rollback", "shop", "kim"), DONE)


def alert(name: str, since: datetime, state: str) -> dict[str, Any]:
    """A message about an alert."""
    return {"Timestamp": [since], "Name": [name], "Service": ["shop"], "State": [state]}


def events(store: Store, *minutes: float) -> None:
    """Events of Sentry, so many minutes after the action."""
    columns: dict[str, Any] = {
        "Timestamp": [DONE + timedelta(minutes=one) for one in minutes], "ServiceName": ["shop"] * len(minutes),
        "Body": ["KeyError: zip"] * len(minutes), "LogAttributes": [[("sentry.event_id", "e")]] * len(minutes),
    }  # fmt: skip
    put(store, LOGS, columns, repr(minutes))


def seen(store: Store, minutes: float = 30, action: Action | None = ROLLED_BACK) -> tuple[ReportsSeen, ...]:
    """So many minutes after the action."""
    holdings, reader = store.survey()
    now = DONE + timedelta(minutes=minutes)
    return reports_seen(case_of(reader, holdings, Window(START, now), now, Scope()), action)


def test_alerts_count_once_they_are_connected(store: Store) -> None:
    """One that fires, and the same one resolved."""
    assert () == seen(store)
    put(store, ALERTS, alert("A", DONE, "firing"), "1")
    going = seen(store)
    put(store, ALERTS, alert("A", DONE + timedelta(minutes=5), "resolved"), "2")

    assert (ReportsSeen(False, "1 alert firing: A"),) == going
    assert (ReportsSeen(True, "no alert fires"),) == seen(store)


@pytest.mark.parametrize(
    ("left", "stopped"), [(0, True), (30 * REPORTS_LEFT, True), (30 * REPORTS_LEFT + 1, False)]
)
def test_events_are_compared_with_the_time_before_the_action(
    store: Store, left: float, stopped: bool
) -> None:
    """At their rate; without any before, nothing is said of them."""
    events(store, *(-1 - n / 2 for n in range(30)))
    events(store, *(1 + n for n in range(int(left))))
    (found,) = seen(store)

    assert stopped is found.stopped
    assert f"{int(left)} event" in found.because


def test_it_can_be_too_early(store: Store) -> None:
    """And without an action there is nothing to compare with."""
    events(store, -2, -1)
    early = AFTER_ACTION.total_seconds() / 60 - 1

    assert [None] == [one.stopped for one in seen(store, early)]
    assert () == seen(store, action=None)
