"""Restated symptoms: what is true of the incident whatever its cause."""

from dataclasses import replace

import pytest

from lastgood.algorithms.predictions.language import parse
from lastgood.hypotheses.proposals import Known, proposals
from lastgood.hypotheses.restated import restates
from lastgood.model.answers import FailureClass, Impact, ImpactKind
from lastgood.model.entry import Triaged
from lastgood.model.failure import FailureKind
from lastgood.model.finding import Verdict
from sitreps import COMPARISON, at

SAID = Triaged("", Verdict.YES, "10 % fail", COMPARISON, at("14:45"))
OF = replace(SAID, impact=Impact(1000, 100, 0.1, 0.0, None, ImpactKind.ERRORS, of="orders POST /orders"))


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("fails() rises", True),
        ("errors(service=orders) rises", True),
        ("fails() > 5%", True),
        ("errors(service=stock) rises", False),
        ("errors(service=orders, version=new) rises", False),
        ("errors(service!=orders) rises", False),
        ("latency(p95) rises", False),
        ("fails() at baseline", False),
        ("errors(version=new) / errors(version=old) > 2", False),
        ("onset after 2026-11-22T14:44:00Z", False),
    ],
)
def test_only_the_impact_of_the_affected_requests_is_restated(text: str, *, again: bool) -> None:
    """Another service, another measure or a part of the requests can tell causes apart."""
    assert again is restates(parse(text), OF)


def test_a_proposal_does_not_predict_the_symptom() -> None:
    """A slow store of a slow service predicts its calls, not that the service is slow."""
    slow = replace(
        SAID,
        impact=Impact(1000, 0, 0.0, 0.0, None, ImpactKind.LATENCY, of="orders POST /orders"),
        failure_class=FailureClass(FailureKind.SLOW_DATABASE, "orders-db", 0.8, "it says so"),
    )

    (one,) = proposals(slow, Known((), ("orders-db",)))

    assert [p.normal for p in one.predictions] == ["latency(peer=orders-db, p95) rises"]
