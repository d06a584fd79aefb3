"""Whether alerts, events of Sentry and support tickets have stopped."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lastgood.model.action import Action, ActionBegun
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.telemetry.tables import ALERTS, LOGS
from lastgood.workbench.investigate import case_of
from lastgood.workbench.reports import (
    AFTER_ACTION,
    BEFORE_ACTION,
    REPORTS_AWAITED,
    REPORTS_LEFT,
    ReportsSeen,
    reports_seen,
)
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


def tickets(store: Store, *minutes: float) -> None:
    """Support tickets, so many minutes after the action; each is in the data twice, as it was fetched twice."""
    for again in ("a", "b"):
        columns: dict[str, Any] = {
            "Timestamp": [DONE + timedelta(minutes=one) for one in minutes], "Body": ["Cannot pay"] * len(minutes),
            "LogAttributes": [[("ticket.id", f"t{one}"), ("fetched", again)] for one in minutes],
        }  # fmt: skip
        put(store, LOGS, columns, repr((minutes, again)))


def test_tickets_are_compared_as_events_are(store: Store) -> None:
    """Each is one ticket."""
    tickets(store, *(-1.0 - n for n in range(20)))
    quiet = seen(store)
    tickets(store, *(1.0 + n for n in range(5)))

    assert (ReportsSeen(True, "0 support tickets since, 20 in the 30 min before the action"),) == quiet
    assert (ReportsSeen(False, "5 support tickets since, 20 in the 30 min before the action"),) == seen(store)


@pytest.mark.parametrize("late", [False, True])
def test_that_no_ticket_came_says_something_once_some_were_to_be_expected(store: Store, late: bool) -> None:
    """Of few, for a while, there is none by chance."""
    many = 6
    tickets(store, *(-1.0 - n for n in range(many)))
    wait = BEFORE_ACTION.total_seconds() / 60 * REPORTS_AWAITED / many
    (found,) = seen(store, wait + (0.1 if late else -0.1))

    assert found.stopped is (True if late else None)
