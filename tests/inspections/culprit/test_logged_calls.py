"""Hosts that callers' lines name, with what they answered."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.inspections.culprit.logged_calls import logged_suspicions
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(minutes=20)), given=True)


def lines(store: Store, service: str, line: str, failing: int = 503) -> None:
    """A line each two seconds; from the middle on four of five have the failing status."""
    count = 600
    at = np.arange(count) * 2.0
    statuses = [failing if n >= count // 2 and n % 5 else 200 for n in range(count)]
    bodies = [line.replace("STATUS", str(status)) for status in statuses]
    columns = {"Timestamp": nanoseconds(at), "ServiceName": [service] * count, "Body": bodies}
    put(store, LOGS, columns, service)


@pytest.mark.parametrize(
    "line",
    [
        'HTTP Request: POST https://api.sender.example/v2/texts "HTTP/1.1 STATUS Anything"',
        "GET https://api.sender.example:443/v2/texts?id=3 status=STATUS took=12ms",
        'call of "https://user@api.sender.example/v2" returned STATUS',
        "--> POST https://api.sender.example/v2 -> STATUS (12 ms)",
    ],
)
def test_a_host_that_answers_with_errors_is_suspected(store: Store, line: str) -> None:
    """By lines of any level; who calls it is known from them."""
    lines(store, "signup", line)
    found = logged_suspicions(case_of(store, GIVEN), ["signup"])

    assert [("api.sender.example", "external")] == [(one.service, one.kind) for one in found.found]
    assert {"signup": {"api.sender.example"}} == found.callees
    assert "240 of 300 calls from signup" in found.found[0].because


@pytest.mark.parametrize(
    ("line", "failing"),
    [
        ("GET https://api.sender.example/v2 status=STATUS", 404),
        ("GET http://ledger:8080/v2 status=STATUS", 503),
        ("see https://docs.sender.example/errors for help", 503),
    ],
)
def test_what_is_not_found_or_no_call_is_none(store: Store, line: str, failing: int) -> None:
    """A 404 is the caller's own; a name without a dot is inside; a link is no call."""
    lines(store, "signup", line, failing)

    assert () == logged_suspicions(case_of(store, GIVEN), ["signup"]).found
