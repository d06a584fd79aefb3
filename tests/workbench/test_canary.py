"""The verb about a canary. What it finds: inspections/test_canary.

Cases in which other canary judges were reported to be wrong are here as requests, and are answered right. Kayenta:
https://github.com/spinnaker/kayenta/issues, Argo Rollouts: https://github.com/argoproj/argo-rollouts/issues, by their numbers.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from inspections.test_canary import WHOLE, failed, lines, requests, whole
from lastgood.errors import NoDataError, UsageError
from lastgood.model.canary import CanaryAsked, CanaryVerdict, Measure, Outcome, Selector
from lastgood.model.finding import Finding
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.surfaces.canary import canary_document, canary_text
from lastgood.telemetry.tables import SPANS
from lastgood.workbench.canary import canary, selector
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

SIDES = CanaryAsked(Selector("version", "baseline"), Selector("version", "canary"))
INTERVAL = 60  # s


def test_a_selector_is_a_version_or_an_attribute() -> None:
    """`KEY=VALUE`, the last sign counts; half of one selects nothing."""
    assert (None, Selector("version", "1.1"), Selector("track", "canary")) == tuple(
        map(selector, (None, "1.1", "track=canary"))
    )
    for text in ("", "track=", "=x"):
        with pytest.raises(UsageError, match="selects nothing"):
            selector(text)


def test_only_the_window_and_service_that_are_named_count(store: Store) -> None:
    """Where there is nothing, it is said, and nothing passes."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)

    def outcome(window: Window | None, service: str) -> Outcome:
        found = canary(store, CanaryAsked(), WHOLE.end, window, Scope((service,)))
        assert isinstance(found.answer, CanaryVerdict)
        return found.answer.outcome

    early = Window(START, START + timedelta(minutes=10))
    assert [Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE] == [
        outcome(None, "shop"), outcome(early, "shop"), outcome(None, "cart"),
    ]  # fmt: skip


def test_what_comes_after_the_present_is_left_out(store: Store) -> None:
    """And until when there are data is in the answer: old ones do not look like new ones."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)
    now = START + timedelta(minutes=11)
    found = canary(store, CanaryAsked(), now, None, Scope())
    assert isinstance(found.answer, CanaryVerdict)

    assert (Outcome.INCONCLUSIVE, now) == (found.answer.outcome, found.answer.until)
    assert f"of data until {now:%Y-%m-%d %H:%M:%S} UTC" in canary_text(found)
    with pytest.raises(NoDataError, match="is later"):
        canary(store, CanaryAsked(), START - timedelta(minutes=1), None, Scope())


def test_what_cannot_be_compared_is_said(store: Store) -> None:
    """The same twice; a store without data."""
    same = Selector("version", "1")
    with pytest.raises(UsageError, match="are the same"):
        canary(store, CanaryAsked(same, same), WHOLE.end, None, Scope())
    with pytest.raises(NoDataError):
        canary(store, CanaryAsked(), WHOLE.end, None, Scope())


def served(
    store: Store,
    version: str,
    errors: Sequence[int],
    requests: int = 60,
    milliseconds: Sequence[float] = (50,),
) -> None:
    """So many requests in each interval, of which so many fail; durations come in turn."""
    size = len(errors) * requests
    times = np.arange(size) * INTERVAL / requests
    columns: dict[str, Any] = {
        "Timestamp": nanoseconds(times), "TraceId": [f"{version}{n}" for n in range(size)],
        "SpanId": [f"{version}{n}" for n in range(size)], "ServiceName": ["shop"] * size, "SpanName": ["GET /"] * size,
        "SpanKind": ["Server"] * size, "Duration": [int(milliseconds[n % len(milliseconds)] * 1e6) for n in range(size)],
        "StatusCode": ["Error" if n % requests < errors[n // requests] else "Ok" for n in range(size)],
        "ResourceAttributes": [{"service.version": version}] * size,
    }  # fmt: skip
    put(store, SPANS, columns, f"{version}{errors}{requests}")


def answered(store: Store, minutes: float = 60) -> tuple[CanaryVerdict, Finding]:
    """The verdict after so long."""
    end = START + timedelta(minutes=minutes)
    found = canary(store, SIDES, end, Window(START, end), Scope())
    assert isinstance(found.answer, CanaryVerdict)
    return found.answer, found


@pytest.mark.slow
def test_kayenta_426_sparse_errors_over_a_baseline_of_none(store: Store) -> None:
    """0, 1, 2, 1, 0, 0 errors of six minutes were passed. Few: it has to run on; as many on and on: it fails."""
    served(store, "baseline", [0] * 60)
    served(store, "canary", [0, 1, 2, 1, 0, 0] * 10)
    early, finding = answered(store, 6)
    late, _ = answered(store)

    assert Outcome.INCONCLUSIVE is early.outcome
    assert "run it for about" in finding.because
    assert Outcome.FAIL is late.outcome


@pytest.mark.parametrize("errors", [[1, 4, 2, 3, 1], [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2] * 3])
@pytest.mark.slow
def test_kayenta_799_a_baseline_without_errors_and_a_canary_with_some(
    store: Store, errors: list[int]
) -> None:
    """The metric of errors had no value for the baseline: it passed whatever was put in its place."""
    served(store, "baseline", [0] * len(errors))
    served(store, "canary", errors)
    verdict, _ = answered(store, len(errors))

    assert Outcome.PASS is not verdict.outcome
    assert verdict.outcome is (Outcome.FAIL if sum(errors) > 8 else Outcome.INCONCLUSIVE)


@pytest.mark.slow
def test_kayenta_377_a_log_metric_that_the_baseline_never_had(store: Store) -> None:
    """Error lines are counted for the canary only; nothing stands for the baseline, and it does not pass."""
    served(store, "baseline", [0] * 20)
    served(store, "canary", [0] * 20)
    before, _ = answered(store, 20)
    lines(store, "canary", "cannot divide by zero", 30)
    after, _ = answered(store, 20)

    assert Outcome.PASS is before.outcome
    assert Outcome.FAIL is after.outcome
    assert {Measure.LOGS} == {measure for measure, _ in failed(after)}


@pytest.mark.slow
def test_kayenta_780_most_values_a_hundred_times_larger(store: Store) -> None:
    """Seven of ten values were 100 and not 1: passed, as the rank test ignored how many."""
    served(store, "baseline", [0] * 20, milliseconds=[1] * 10)
    served(store, "canary", [0] * 20, milliseconds=[100] * 7 + [1] * 3)

    assert (Measure.SLOW, "") in failed(answered(store, 20)[0])


@pytest.mark.slow
def test_kayenta_780_more_variable(store: Store) -> None:
    """Half of the values far above, half below all of the other side: no shift of the middle, and users wait."""
    low, high = [1, 4, 5, 6, 7, 8, 9], [100, 101, 102, 103, 104, 105, 106]
    served(store, "baseline", [0] * 20, milliseconds=[10, 10.2, 10.4, 10.6, 17, 17.2, 17.4, 17.6])
    served(
        store, "canary", [0] * 20, milliseconds=[one for pair in zip(low, high, strict=True) for one in pair]
    )
    verdict, _ = answered(store, 20)

    assert {(Measure.SLOW, "")} == failed(verdict)


@pytest.mark.slow
def test_kayenta_521_the_working_is_shown(store: Store) -> None:
    """Counts and shares of both sides, the evidence, what it has to reach, and since when; in text and in JSON."""
    served(store, "baseline", [1] * 20)
    served(store, "canary", [6] * 20)
    verdict, finding = answered(store, 20)
    check = next(one for one in canary_document(finding)["checks"] if one["measure"] == "failures")

    assert Outcome.FAIL is verdict.outcome
    assert {
        "canary_bad",
        "canary_all",
        "baseline_bad",
        "baseline_all",
        "evidence",
        "threshold",
        "failed_after",
    } <= check.keys()
    assert check["evidence"] > check["threshold"]
    for word in ("EVIDENCE", "FAILS AT", "1 200"):
        assert word in canary_text(finding).replace("\u00a0", " ")


@pytest.mark.slow
def test_argo_1905_no_traffic_yet_is_neither_a_pass_nor_a_roll_back(store: Store) -> None:
    """It waits, says for how much, and comes to a verdict once there is traffic."""
    served(store, "baseline", [0] * 40)
    before, finding = answered(store, 10)
    served(store, "canary", [0] * 40)
    after, _ = answered(store, 40)

    assert Outcome.INCONCLUSIVE is before.outcome
    assert "no requests of version=canary" in finding.because
    assert (before.needed_requests or 0) > 100
    assert Outcome.PASS is after.outcome


@pytest.mark.slow
def test_argo_4479_measurements_that_all_fail_are_no_success(store: Store) -> None:
    """Nothing to measure is an error with its status; a window without data is one as well."""
    with pytest.raises(NoDataError):
        canary(store, SIDES, START, None, Scope())
    served(store, "baseline", [0] * 5)
    verdict, _ = answered(store, 5)
    assert Outcome.INCONCLUSIVE is verdict.outcome
    assert [] == [one for one in verdict.checks if one.passed]


@pytest.mark.slow
def test_what_is_equal_passes(store: Store) -> None:
    """Zero errors on both sides, and as many."""
    served(store, "baseline", [0] * 20)
    served(store, "canary", [0] * 20)
    verdict, _ = answered(store, 20)

    assert Outcome.PASS is verdict.outcome
    assert (0, 0) == (whole(verdict).canary_bad, whole(verdict).baseline_bad)
