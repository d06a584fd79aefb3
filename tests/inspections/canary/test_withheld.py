"""A canary whose counts allow a pass, and that does not pass."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from inspections.test_canary import ASKED, WHOLE, asked, failed, requests, whole
from lastgood.inspections.canary.counted import SIDE_SILENT
from lastgood.inspections.canary.withheld import COVERED, STALE_CANARY, UNWELL
from lastgood.model.canary import CanaryAsked, Measure, Outcome
from lastgood.model.scope import Scope
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.canary import canary
from lastgood.workbench.store import Store
from worlds import nanoseconds, put


def spans(store: Store, version: str, since: float, names: list[str], milliseconds: float = 50) -> None:
    """One span of each name, evenly until the end."""
    size = len(names)
    times = nanoseconds(np.linspace(since, 1200 - timedelta(seconds=1).total_seconds(), size))
    columns: dict[str, Any] = {
        "Timestamp": times, "TraceId": [f"{version}{n}" for n in range(size)], "SpanId": [f"{version}{n}" for n in range(size)],
        "ServiceName": ["shop"] * size, "SpanName": names, "SpanKind": ["Server"] * size,
        "Duration": (milliseconds * 1e6 * (1 + np.arange(size) % 10 / 20)).astype(np.uint64), "StatusCode": ["Ok"] * size,
        "ResourceAttributes": [{"service.version": version}] * size,
    }  # fmt: skip
    put(store, SPANS, columns, f"{version}{names[0]}{since}")


@pytest.mark.parametrize(
    ("bad", "outcome"), [(UNWELL + 0.05, Outcome.INCONCLUSIVE), (UNWELL - 0.1, Outcome.PASS)]
)
def test_as_bad_as_a_baseline_that_fails_is_not_well(store: Store, bad: float, outcome: Outcome) -> None:
    """Below a half it is a measure still, with enough requests."""
    requests(store, "1.0", bad=bad, rate=40)
    requests(store, "1.1", since=600, bad=bad - 0.04, rate=40, seed=2)
    verdict, finding = asked(store)

    assert outcome is verdict.outcome
    assert ("so it is no measure" in finding.because) == (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("silent", "outcome"), [(SIDE_SILENT + 20, Outcome.INCONCLUSIVE), (SIDE_SILENT - 20, Outcome.PASS)]
)
def test_a_canary_that_stopped_to_serve_does_not_pass(store: Store, silent: float, outcome: Outcome) -> None:
    """What crashed records no failures."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, until=1200 - silent, bad=0, seed=2)
    verdict, finding = asked(store)

    assert outcome is verdict.outcome
    assert ("the canary has served nothing since" in finding.because) == (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(("segment", "outcome"), [("plan", Outcome.PASS), ("plna", Outcome.INCONCLUSIVE)])
def test_a_segment_that_no_request_carries_lets_nothing_pass(
    store: Store, segment: str, outcome: Outcome
) -> None:
    """A name with a slip compares nothing, and takes the place of those that are found."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, bad=0, seed=2)
    verdict, finding = asked(store, replace(ASKED, segments=(segment,)))

    assert outcome is verdict.outcome
    assert ("no request carries plna" in finding.because) == (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(("others", "outcome"), [(0.2, Outcome.PASS), (-0.2, Outcome.INCONCLUSIVE)])
def test_health_checks_alone_let_nothing_pass(store: Store, others: float, outcome: Outcome) -> None:
    """The baseline's usual operations have to be seen."""
    health = int(6000 * (COVERED + others))
    spans(store, "1.0", 0, ["GET /health"] * health + ["POST /pay"] * (6000 - health))
    spans(store, "1.0", 600, (["GET /health"] * health + ["POST /pay"] * (6000 - health))[::7] * 6)
    spans(store, "1.1", 600, ["GET /health"] * 3000)
    verdict, finding = asked(store)

    assert outcome is verdict.outcome
    assert ("served only operations" in finding.because) == (outcome is Outcome.INCONCLUSIVE)


def test_operations_with_ids_in_their_names_are_timed_together(store: Store) -> None:
    """None of them has a limit of its own."""
    spans(store, "1.0", 0, [f"GET /orders/{n}" for n in range(3000)])
    spans(store, "1.1", 600, [f"GET /orders/x{n}" for n in range(1500)], milliseconds=500)
    verdict, _ = asked(store)

    assert {(Measure.SLOW, "")} == failed(verdict)


def test_a_canary_without_times_is_not_fast(store: Store) -> None:
    """It does not pass on the times of the baseline."""
    spans(store, "1.0", 0, ["GET /list"] * 6000)
    spans(store, "1.1", 600, ["GET /list"] * 3000, milliseconds=0)
    verdict, _ = asked(store)

    assert Outcome.INCONCLUSIVE is verdict.outcome
    assert 3000 == whole(verdict).canary_all


def test_without_an_operation_in_common_more_time_does_not_help(store: Store) -> None:
    """What each side served is named, and what to do; no time to wait is."""
    spans(store, "1.0", 0, ["POST /pay"] * 4000)
    spans(store, "1.1", 600, ["GET /list"] * 2000)
    verdict, finding = asked(store)
    because = finding.because.replace("\u00a0", " ")

    assert (Outcome.INCONCLUSIVE, None) == (verdict.outcome, verdict.needed_seconds)
    assert "the canary served shop GET /list (2 000); the baseline served shop POST /pay (" in because
    assert "Route requests of the same operations to both" in because
    assert "run it for" not in because


def test_a_wait_counts_only_what_both_serve(store: Store) -> None:
    """Of a rare operation in common many requests are missing still, however busy the rest is."""
    spans(store, "1.0", 0, (["POST /pay"] * 99 + ["GET /list"]) * 40)
    spans(store, "1.1", 600, (["GET /new"] * 99 + ["GET /list"]) * 20)
    verdict, finding = asked(store)

    assert Outcome.INCONCLUSIVE is verdict.outcome
    assert (verdict.needed_seconds or 0) > 3600
    assert "it cannot pass while the canary has served only operations of 1" in finding.because


@pytest.mark.parametrize("bad", [0.01, 0.3])
@pytest.mark.parametrize(("late", "old"), [(-1, False), (1, True)])
def test_old_requests_decide_nothing(store: Store, bad: float, late: int, old: bool) -> None:
    """Neither a pass nor a fail, also where other services still write; unless a time is named."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, bad=bad, seed=2)
    now = WHOLE.end + timedelta(seconds=STALE_CANARY + 60 * late)
    plain, dated = (
        canary(store, CanaryAsked(dated=dated), now, None, Scope()).answer for dated in (False, True)
    )
    sure = Outcome.PASS if bad < 0.1 else Outcome.FAIL

    assert [Outcome.INCONCLUSIVE if old else sure, sure] == [one.outcome for one in (plain, dated)]  # type: ignore[union-attr]


@pytest.mark.parametrize("which", ["1.0", "1.1", ""])
def test_a_pass_without_durations_has_to_be_asked_for(store: Store, which: str) -> None:
    """Where one side or both have none, nothing was checked of slowness; the words never claim it."""
    spans(store, "1.0", 0, ["GET /list"] * 8000, 0 if which in {"1.0", ""} else 50)
    spans(store, "1.1", 600, ["GET /list"] * 4000, 0 if which in {"1.1", ""} else 50)
    (plain, said), (asked_for, told) = asked(store), asked(store, CanaryAsked(untimed=True))

    assert [Outcome.INCONCLUSIVE, Outcome.PASS] == [plain.outcome, asked_for.outcome]
    for one in (said, told):
        assert "slowness was not checked: requests of version=1." in one.because
    assert "pass --untimed" in said.because
