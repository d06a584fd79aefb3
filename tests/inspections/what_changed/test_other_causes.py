"""Causes that are no change, weighed as changes are."""

from typing import Any

from inspections.scenes import CALM, ONSET, SCENE, case, scene, segment
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.inspections.what_changed.other_causes import other_causes
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.model.answers import Answer, GoldenSignals, Shape
from lastgood.readings.risen import Risen

BUSY = GoldenSignals(Shape.UP, Shape.UP, None, None, {"requests a second": (10.0, 50.0)})


def causes(
    *answers: Answer,
    troubles: frozenset[Trouble] = frozenset(),
    where: Scene = SCENE,
    errors: tuple[str, ...] = (),
    peers: tuple[str, ...] = (),
) -> dict[str, float]:
    """The weights by cause; each error of a peer is of a service of its own."""
    rows: list[tuple[dict[str, Any], float]] = [
        ({"service": f"s{n}", "peer": peer, "status": 500, "text": text}, 50.0)
        for n, (text, peer) in enumerate(zip(errors, peers or ("",) * len(errors), strict=True))
    ]
    found = other_causes(
        case(*answers), where, Risen(rows, [], [], None, None, 1), Symptoms(troubles, {}), []
    )
    return {one.cause: one.weight for one in found}


def test_five_times_the_traffic_outweighs_a_change_that_fits() -> None:
    """Where what it hurts is overloaded; not where a field is missing."""
    assert causes(BUSY, troubles=frozenset({Trouble.LATENCY}))["traffic"] > 1
    assert {} == causes(BUSY, troubles=frozenset({Trouble.CONTRACT}))


def test_a_third_party_is_suspected_more_the_more_of_its_callers_fail() -> None:
    """A host with a public name; a database of one's own is none."""
    out = scene(external=True, suspects={"cart": 1.0, "api.pay.example": 1.0})
    store = scene(external=True, suspects={"cart": 1.0, "cart-db": 1.0})
    seen = frozenset({Trouble.REFUSED})
    one = causes(troubles=seen, where=out, errors=("x",), peers=("api.pay.example",))
    two = causes(troubles=seen, where=out, errors=("x", "x"), peers=("api.pay.example",) * 2)

    assert 0 < one["third_party"] < two["third_party"]
    assert {} == causes(troubles=seen, where=store)


def test_errors_may_name_their_cause() -> None:
    """A certificate, a name, a disk, data."""
    assert (
        causes(troubles=frozenset({Trouble.CERTIFICATE}), errors=("certificate has expired",))["certificate"]
        > 1
    )
    assert "dns" in causes(troubles=frozenset({Trouble.DNS}), errors=("no such host",))
    assert "infrastructure" in causes(errors=("No space left on device",))
    assert "bad_data" in causes(
        errors=("cannot parse line 7",), where=scene(segment=segment({"tenant.id": "north"}))
    )


def test_one_machine_that_is_hit_is_infrastructure() -> None:
    """And a disk that had been filling."""
    assert "infrastructure" in causes(where=scene(segment=segment({"host.name": "node-7"})))
    rise = SlowRise("cart", "disk", "disk", ONSET, ONSET)
    assert ["infrastructure"] == [
        one.cause for one in other_causes(case(), SCENE, CALM, Symptoms(frozenset(), {}), [rise])
    ]


def test_nothing_to_see() -> None:
    """No other cause."""
    assert {} == causes()
