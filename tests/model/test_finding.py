"""A finding says why, and rests on something."""

import pytest

from lastgood.model.answers import NoChange
from lastgood.model.evidence import Absence, Provenance
from lastgood.model.finding import Finding, Verdict

NOTHING = Absence("spans", Provenance("SELECT 1", {}, None, 0, 0.0))


@pytest.mark.parametrize("verdict", [Verdict.YES, Verdict.NO])
def test_no_evidence_no_finding(verdict: Verdict) -> None:
    """A yes or a no without evidence is refused; with evidence it stands."""
    with pytest.raises(ValueError, match="No evidence, no finding"):
        Finding(verdict, "because I say so")

    assert verdict is Finding(verdict, "there are none", evidence=(NOTHING,)).verdict


def test_unknown_needs_a_reason_but_no_evidence() -> None:
    """Not knowing is an answer, as long as it says why."""
    assert "there are no spans" == Finding(Verdict.UNKNOWN, "there are no spans").because
    with pytest.raises(ValueError, match="A finding says why"):
        Finding(Verdict.UNKNOWN, "")


def test_what_is_open_keeps_its_reason_and_answers_nothing() -> None:
    """The evidence and the limits stay, for whoever reads it; no other question builds on it."""
    named = Finding(
        Verdict.YES, "the disk is full", 0.9, NoChange(None), (NOTHING,), ("one host is not seen",)
    )

    found = named.if_decided("it is open whether requests are affected")

    assert "it is open whether requests are affected; if they are, the disk is full" == found.because
    assert (Verdict.UNKNOWN, None, None) == (found.verdict, found.confidence, found.answer)
    assert (named.evidence, named.limits) == (found.evidence, found.limits)
