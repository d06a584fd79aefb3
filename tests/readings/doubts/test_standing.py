"""Failures at a level that is bad by itself are an outage, or not decided, where there is no past to compare with."""

from datetime import timedelta

import numpy as np
import pytest

from lastgood.model.answers import Confirmation, ImpactKind
from lastgood.readings.case import Case
from lastgood.readings.doubts.standing import standing
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, World


def case_of(store: Store) -> Case:
    """The case over everything that the store holds."""
    return investigate(store, now=START + timedelta(days=3), only="onset")[0]


def world(share: float, *, seconds: float = 1200, rate: float = 3.0) -> World:
    """Requests of which a share fails all the time."""
    return World(seconds=seconds, rate=rate, errors=lambda t: np.full(len(t), share))


@pytest.mark.parametrize("share", [1.0, 0.9, 0.5])
def test_half_of_all_requests_is_an_outage(store: Store, share: float) -> None:
    """It is real, with all requests counted, no baseline, and the words that nothing is before."""
    made = world(share)
    made.store_spans(store)

    finding = standing(case_of(store))

    assert finding is not None
    assert isinstance(finding.outage, Confirmation)
    impact = finding.outage.impact
    assert ImpactKind.ERRORS is impact.kind
    assert (len(made.times), int(made.failed.sum()), None) == (
        impact.requests, impact.failed, impact.baseline_share,
    )  # fmt: skip
    assert "no baseline before" in finding.because


@pytest.mark.parametrize("share", [0.30, 0.10])
def test_a_bad_share_is_not_decided(store: Store, share: float) -> None:
    """It may be usual here: earlier data would decide."""
    world(share).store_spans(store)

    finding = standing(case_of(store))

    assert finding is not None
    assert finding.outage is None
    assert any(
        "load data from before 2026-11-22 14:00:00 UTC; it would show" in limit for limit in finding.limits
    )


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_healthy_requests_are_no_reason(store: Store, share: float) -> None:
    """None, when none or one in a hundred fails."""
    world(share).store_spans(store)

    assert standing(case_of(store)) is None


def test_a_day_of_the_same_is_usual(store: Store) -> None:
    """None of a tenth that fails for more than a day."""
    world(0.1, seconds=100_000, rate=0.05).store_spans(store)

    assert standing(case_of(store)) is None


def test_one_user_of_many_is_no_bad_share(store: Store) -> None:
    """None, where all failures are one user's, who has a tenth of the requests."""
    made = World(seconds=1200, rate=3.0, attributes=lambda i, _t, _f: {"user.id": f"u{i % 10}"})
    made.failed = np.arange(len(made.times)) % 10 == 3
    made.store_spans(store)

    assert standing(case_of(store)) is None


@pytest.mark.parametrize(("share", "said"), [(0.9, True), (0.3, True), (0.1, False)])
def test_error_lines_never_decide(store: Store, share: float, *, said: bool) -> None:
    """Without requests a quarter of error lines is a reason not to say no, and never an outage."""
    world(share).store_lines(store)

    finding = standing(case_of(store))

    assert said == (finding is not None)
    assert finding is None or finding.outage is None
