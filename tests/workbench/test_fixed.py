"""Whether a fix holds, over telemetry in which it did and did not, and a service that is mended or not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from buggy import FAILING, WORKING, orders
from lastgood.algorithms.answer_shapes import shape_of
from lastgood.model.entry import Noted
from lastgood.model.replay import AnswerShape, CapturedRequest, ReplayReport
from lastgood.telemetry.tables import ALERTS
from lastgood.workbench.fixed import NO_ACTION, NO_REPLAY, fixed
from lastgood.workbench.replay import replay
from lastgood.workbench.sending import Sending
from lastgood.workbench.store import Store
from workbench.test_replay import always
from workbench.test_reports import alert
from workbench.test_verify import ACT, acted, at, hurting
from workbench.test_verify import BAD as AFFECTED
from worlds import put

BAD = CapturedRequest("POST", "/orders", body=json.dumps(FAILING), status=500)
ANSWER = shape_of({"content-type": "application/json"}, '{"zone": "80", "lines": 1, "request_id": "r1"}')
GOOD = replace(BAD, body=json.dumps(WORKING), status=200, answer=ANSWER)


def replayed(*, mended: bool, working: CapturedRequest | None = GOOD) -> ReplayReport:
    """The failing request, to the service as it is, or with what makes it fail taken out."""
    with orders() as (target, _):
        asked = replace(BAD, body=json.dumps(WORKING)) if mended else BAD
        return replay((asked, working), Sending(target, times=1), {})[0]


def test_a_fix_that_holds(tmp_path: Path, store: Store) -> None:
    """All four conditions; it is noted."""
    hurting(0.005).store_spans(store)
    with acted(tmp_path) as (room, action):
        found = fixed(room, store, action, replayed(mended=True))
        notes = [entry.payload.text for entry in room.entries if isinstance(entry.payload, Noted)]

    assert [True] * 4 == [check.met for check in found.checks], found
    assert True is found.verdict
    assert "The fix holds." == notes[-1]


def test_one_condition_that_is_not_met_is_enough(tmp_path: Path, store: Store) -> None:
    """Users still fail; the reproduction still fails."""
    hurting(0.25).store_spans(store)
    with acted(tmp_path) as (room, action):
        found = fixed(room, store, action, replayed(mended=False))

    met = {check.name: check.met for check in found.checks}
    assert False is found.verdict
    assert (False, False, False) == (
        met["users recovered"], met["no symptom is ongoing"], met["the reproduction succeeds"]
    )  # fmt: skip


def test_a_symptom_from_before_the_fix_is_no_reason_against_it(tmp_path: Path, store: Store) -> None:
    """The data end before it, or it is too early: unknown, and why."""
    hurting(0.25).store_spans(store)
    with acted(tmp_path) as (room, action):
        held = store.survey()[0].telemetry_window
        assert held
        later = replace(action, begun_at=held.end, ended_at=held.end)
        found = {check.name: check for check in fixed(room, store, later, None).checks}[
            "no symptom is ongoing"
        ]

    assert None is found.met
    assert "before the fix" in found.because or "to work" in found.because


def test_what_was_not_checked_is_not_met(tmp_path: Path, store: Store) -> None:
    """Without an action, a replay and telemetry nothing is shown."""
    with acted(tmp_path) as (room, _):
        found = fixed(room, store, None, None)

    assert None is found.verdict
    assert {NO_ACTION, NO_REPLAY} <= {check.because for check in found.checks}
    assert [None] * 4 == [check.met for check in found.checks]


def test_an_alert_that_still_fires_is_a_report_that_has_not_stopped(tmp_path: Path, store: Store) -> None:
    """Where alerts are connected it is a condition of its own; resolved, it is met."""
    hurting(0.005).store_spans(store)
    put(store, ALERTS, alert("Checkout failing", at(AFFECTED + 60), "firing"), "rang")
    with acted(tmp_path) as (room, action):
        going = fixed(room, store, action, replayed(mended=True))
        put(store, ALERTS, alert("Checkout failing", at(ACT + 120), "resolved"), "quiet again")
        over = fixed(room, store, action, replayed(mended=True))

    met = [{check.name: check.met for check in found.checks}["reports stopped"] for found in (going, over)]
    assert [False, True] == met
    assert [False, True] == [going.verdict, over.verdict]
    assert "Checkout failing" in str(going.checks)


def test_a_server_that_answers_everything_alike_shows_no_fix(tmp_path: Path, store: Store) -> None:
    """200 of whichever server is there; the condition is not known, and why."""
    hurting(0.005).store_spans(store)
    with always(200) as (target, _), acted(tmp_path) as (room, action):
        report = replay((BAD, None), Sending(target, times=1, elsewhere=True), {})[0]
        found = fixed(room, store, action, report)

    assert None is found.verdict
    assert "the target answers any path alike (200)" in found.checks[-1].because


@pytest.mark.parametrize("working", [None, replace(GOOD, answer=AnswerShape())])
def test_a_server_that_nothing_identifies_shows_no_fix(
    working: CapturedRequest | None, tmp_path: Path, store: Store
) -> None:
    """No working answer was recorded: another service may answer 200 there. What would tell is stated."""
    hurting(0.005).store_spans(store)
    with acted(tmp_path) as (room, action):
        found = fixed(room, store, action, replayed(mended=True, working=working))

    assert [True, True, True, None] == [check.met for check in found.checks]
    assert None is found.verdict
    assert "not checked: whether it is the service" in found.checks[-1].because
    assert "pass it as --reproduction" in found.checks[-1].because
