"""Who sends too many requests is named, where that explains it."""

from pathlib import Path

import pytest

from inspections.scenes import case
from inspections.test_mitigation import asked, options
from lastgood.inspections.mitigation.senders import sender_of, workaround
from lastgood.inspections.mitigation.weights import REFUSABLE_FAILS, REFUSABLE_HOLDS
from lastgood.model.answers import BlastRadius, ChangesWeighed, FailureClass, OtherCause, Segment
from lastgood.model.failure import Cause, FailureKind
from lastgood.workbench.store import Store

HOOLI = OtherCause(Cause.TRAFFIC, 8.0, "tenant=hooli sends 9 times as many", subject="tenant=hooli")


@pytest.mark.parametrize(
    ("others", "named"),
    [
        ((HOOLI,), True),
        ((OtherCause(Cause.TRAFFIC, 8.0, "more arrive"), HOOLI), False),
        ((OtherCause(Cause.TRAFFIC, 8.0, "more arrive", shown=False, subject="tenant=hooli"),), False),
        ((), False),
    ],
)
def test_one_sender_is_named_where_it_explains_it(others: tuple[OtherCause, ...], *, named: bool) -> None:
    """As the heaviest other cause, shown by evidence of its own."""
    assert named is (sender_of(case(ChangesWeighed((), others))) is not None)


def test_one_sender_is_limited_before_all_are(store: Store, tmp_path: Path) -> None:
    """By the attribute that names it."""
    busy = FailureClass(FailureKind.OVERLOAD, "orders", 0.9, "traffic is up")
    first = options(asked(store, tmp_path, "", "errors=0.2%", busy, ChangesWeighed((), (HOOLI,)))).ranked[0]

    assert ("rate_limit", "tenant=hooli", HOOLI.because) == (first.kind, first.target, first.because)


def test_requests_without_what_fails_still_work() -> None:
    """Where it holds most failures and mostly fails; a machine is no choice of a user."""

    def said(where: dict[str, str], holds: float = 0.97, fails: float = 0.9) -> str | None:
        segment = Segment(where, holds, 0.3, 300, 330, fails)
        return workaround(case(BlastRadius(("orders",), (segment,), (), everyone=False)))

    assert "requests without plan=free still work" == said({"plan": "free"})
    assert None is said({"host.name": "web-1"})
    assert None is said({"plan": "free"}, holds=0.5)
    assert None is said({"plan": "free"}, fails=0.2)


def test_a_kind_of_request_may_be_refused_where_it_is_most_of_what_fails_and_mostly_fails() -> None:
    """REFUSABLE_HOLDS of the failures, and REFUSABLE_FAILS of its requests."""

    def without(holds: float, fails: float) -> bool:
        radius = BlastRadius((), (Segment({"card": "ANZ"}, holds, 0.05, 95, 100, fails),), (), everyone=False)
        return workaround(case(radius)) is not None

    assert without(REFUSABLE_HOLDS, REFUSABLE_FAILS)
    assert not without(REFUSABLE_HOLDS - 0.01, REFUSABLE_FAILS)
    assert not without(REFUSABLE_HOLDS, REFUSABLE_FAILS - 0.01)
