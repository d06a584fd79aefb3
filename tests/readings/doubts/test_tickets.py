"""Customers who report trouble that no signal shows."""

from datetime import timedelta
from typing import Any

import pytest

from lastgood.model.answers import Confirmation
from lastgood.model.finding import Verdict
from lastgood.readings.doubts.tickets import TICKETS_FEWEST, complaints
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World, put

END = START + timedelta(hours=2)


def tickets(store: Store, *minutes: float) -> None:
    """Support tickets, so many minutes before the end."""
    columns: dict[str, Any] = {
        "Timestamp": [END - timedelta(minutes=one) for one in minutes], "Body": ["Cannot pay"] * len(minutes),
        "LogAttributes": [[("ticket.id", f"t{one}")] for one in minutes],
    }  # fmt: skip
    put(store, LOGS, columns, repr(minutes))


def said(store: Store) -> str:
    """What is said beside requests that are well."""
    World(seconds=7200).store_spans(store)
    case, _ = investigate(store, now=END, only="onset")
    found = complaints(case)
    return found.because if found else ""


@pytest.mark.parametrize(
    ("early", "late", "doubted"),
    [
        (1, 12, True),
        (0, int(TICKETS_FEWEST), True),
        (0, int(TICKETS_FEWEST) - 1, False),
        (36, 12, False),
    ],
)
def test_many_more_tickets_than_before_are_a_doubt(
    store: Store, early: int, late: int, doubted: bool
) -> None:
    """As many as before, and few, are none."""
    tickets(store, *(35 + 2.3 * n for n in range(early)), *(1 + 0.5 * n for n in range(late)))

    because = said(store)

    assert doubted is (f"customers opened {late} support tickets since" in because)
    assert doubted is bool(because)


def test_it_is_not_said_that_nothing_is_wrong(store: Store) -> None:
    """The verdict is open, and the tickets are what to read."""
    tickets(store, *(1 + n for n in range(12)))
    World(seconds=7200).store_spans(store)
    _, findings = investigate(store, now=END, only="confirm")
    found = findings[-1]

    assert Verdict.UNKNOWN is found.verdict
    assert "12 support tickets" in found.because
    assert not isinstance(found.answer, Confirmation) or found.answer.impact.kind is None
