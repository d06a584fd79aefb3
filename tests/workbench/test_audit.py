"""The audit of a sitrep: what contradicts its own numbers is left out, and reported."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lastgood.model.answers import BlastRadius, ChangeVerdict, Impact, ImpactKind
from lastgood.model.boundary import Layer, Layers, LayerSeen, LayerState
from lastgood.model.change import ChangeKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.workbench.audit import audited
from sitreps import at, broken, quiet


@pytest.mark.parametrize("sitrep", [broken, quiet])
def test_what_agrees_has_no_defects(sitrep: Callable[[], Sitrep]) -> None:
    """And nothing is left out of it."""
    assert sitrep() == audited(sitrep())


def test_a_hop_that_few_traces_agree_on_is_not_known() -> None:
    """Forty of three thousand are no path."""
    reported = broken()
    assert reported.path is not None
    found = audited(replace(reported, path=replace(reported.path, traces=3000, agree=40)))

    assert found.path is None
    assert ["path: 40 of 3 000 failing traces agree on api.stripe.com"] == spaced(found)


def test_a_segment_that_all_traffic_has_describes_nobody() -> None:
    """The sound one stays, and then it is not everyone."""
    reported = broken()
    assert reported.blast_radius is not None
    (sound,) = reported.blast_radius.segments
    vain = replace(sound, where={"host": "shop"}, share_of_failures=0.347, share_of_traffic=1.0)
    radius = BlastRadius((), (vain, sound), (), everyone=True)
    found = audited(replace(reported, blast_radius=radius))

    assert BlastRadius((), (sound,), (), everyone=False) == found.blast_radius
    assert [
        "segment host=shop: 34.7 % of the failures and 100 % of the traffic",
        "everyone alike, and yet card.issuer=ANZ and payment.provider=stripe",
    ] == spaced(found)


def test_a_change_after_the_onset_is_not_likely() -> None:
    """Beyond what clocks differ by."""
    reported = broken()
    assert reported.changes is not None
    first, *others = reported.changes.ranked
    late = replace(first, kind=ChangeKind.DEPLOY, at=at("14:55"))
    found = audited(replace(reported, changes=replace(reported.changes, ranked=(late, *others))))

    assert found.changes is not None
    assert ChangeVerdict.POSSIBLE is found.changes.ranked[0].verdict
    assert ["change cl-7: likely, although it started after the onset"] == spaced(found)


@pytest.mark.parametrize(
    ("impact", "defect"),
    [
        (Impact(100, 40, 0.1, 0.0, None, ImpactKind.ERRORS), "impact: 10 % fail, which is not 40 of 100"),
        (Impact(100, 400, 4.0, 0.0, None, ImpactKind.ERRORS), "impact: 400 of 100 requests failed"),
        (Impact(100, 40, 0.4, 0.0, 41, ImpactKind.ERRORS), "impact: 41 users by 40 failed requests"),
    ],
)
def test_an_impact_agrees_with_itself(impact: Impact, defect: str) -> None:
    """Shares are of the counts, and no one is hit without a request."""
    reported = broken()
    assert reported.confirmation is not None
    found = audited(replace(reported, confirmation=replace(reported.confirmation, impact=impact)))

    assert [defect] == spaced(found)


def test_a_severity_has_a_reason() -> None:
    """Not 0 % of the requests."""
    reported = broken()
    assert reported.severity is not None
    nobody = replace(
        reported.severity, because="0 % fail", requests_share=0.0, worst_share=0.0, users_share=None
    )

    assert ["severity: SEV2 for 0 % fail"] == spaced(audited(replace(reported, severity=nobody)))


def spaced(sitrep: Sitrep) -> list[str]:
    """The defects, with ordinary spaces."""
    return [one.replace("\u00a0", " ") for one in sitrep.defects]


@pytest.mark.parametrize(
    ("state", "because", "defects"),
    [
        (LayerState.FAILS, "web: 9 of 10 requests fail (0 of 10 before)", []),
        (LayerState.FAILS, "", ["layers: application is named, and nothing is said of it"]),
        (LayerState.FINE, "counted", ["layers: application is named, and is fine"]),
        (LayerState.NOT_SEEN, "none", ["layers: application is named, and is not seen"]),
    ],
)
def test_a_layer_that_is_named_was_seen_to_fail(state: LayerState, because: str, defects: list[str]) -> None:
    """Else it is open which one fails."""
    answer = Layers((LayerSeen(Layer.APPLICATION, state, because),), Layer.APPLICATION)
    named = Finding(Verdict.UNKNOWN, "application", None, answer, name="layers")
    reported = broken()
    found = audited(replace(reported, findings=(*reported.findings, named)))

    assert defects == spaced(found)
    assert found.layers is not None
    assert isinstance(found.layers.answer, Layers)
    assert (found.layers.answer.verdict is None) is bool(defects)
