"""Errors of who answers itself, beside the requests that end badly there."""

from pathlib import Path
from typing import Any

import pytest

from cases import case_of, reported
from lastgood.inspections.culprit.accounted import accounted, ending_badly
from lastgood.inspections.culprit.weights import ACCOUNTED_FEWEST, ACCOUNTED_SHARE
from lastgood.model.answers import Culprits
from lastgood.workbench.store import Store
from reported import asked

WORLD = """
scenario  a rule at the entry refuses some addresses
seed      9
time      2026-11-20 10:00 .. 10:30
logs      door info "POST /address {int}" rate=6/s url.path=/address http.response.status_code=200 lg.duration_ns=4000000 then http.response.status_code=200:95%,403:5% at 10:20
logs      door error "rule {int} of the wall: access denied" rate=0.1/min then rate=18/min at 10:20
"""


def row(text: str, good: int, bad: int) -> dict[str, Any]:
    """A statement of the log."""
    return {"text": text, "good": good, "bad": bad}


def test_an_error_accounts_for_the_failures_that_it_is_as_many_as() -> None:
    """For most of them at least; those before are taken out."""
    enough = 100 * ACCOUNTED_SHARE

    assert ACCOUNTED_SHARE == accounted(row("access denied", 0, int(enough)), 100, 1.0)
    assert 0 == accounted(row("access denied", 0, int(enough) - 1), 100, 1.0)
    assert 0 == accounted(row("access denied", 10, int(enough)), 100, 1.0)
    assert 1 == accounted(row("access denied", 0, 300), 100, 1.0)


@pytest.mark.parametrize(
    "text",
    ["upstream prematurely closed connection", "read timed out", "connection refused", "pay answered 503"],
)
def test_an_error_about_somebody_else_accounts_for_nothing(text: str) -> None:
    """Who hands requests on writes as many errors, and is their messenger."""
    assert 0 == accounted(row(text, 0, 100), 100, 1.0)


@pytest.mark.parametrize(("bad", "many"), [(int(ACCOUNTED_FEWEST) + 1, True), (ACCOUNTED_FEWEST // 2, False)])
def test_refused_requests_count_as_failed_ones_do(store: Store, tmp_path: Path, bad: int, many: bool) -> None:
    """A few come by chance."""
    logs = f'logs door info "GET /" rate={6 * bad}/h http.response.status_code=200 then http.response.status_code=403 at 10:20\n'
    text = WORLD.partition("logs")[0] + logs
    given = reported(store, tmp_path, text, 20)
    found = ending_badly(case_of(store, given), 1.0)

    assert many == ("door" in found)


def test_who_refuses_by_itself_is_named(store: Store, tmp_path: Path) -> None:
    """Though its error lines are few among all that it writes."""
    answer = asked(store, tmp_path, WORLD, "culprit", 20).answer

    assert isinstance(answer, Culprits)
    assert "door" == answer.ranked[0].service
    assert "access denied" in answer.ranked[0].because
