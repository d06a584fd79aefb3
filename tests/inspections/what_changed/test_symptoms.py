"""What the trouble looks like, out of answers and errors."""

from typing import Any

from inspections.scenes import SCENE, case, change
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.inspections.what_changed.symptoms import read_symptoms, with_platform
from lastgood.model.answers import (
    Answer,
    BlastRadius,
    Confirmation,
    Culprit,
    Culprits,
    GoldenSignals,
    Impact,
    ImpactKind,
    Segment,
    Shape,
)
from lastgood.readings.risen import Risen

SLOW = Confirmation(Impact(100, 0, 0.0, 0.0, None, ImpactKind.LATENCY), 0.3, 0.5)


def troubles(*answers: Answer, errors: tuple[tuple[int, str], ...] = ()) -> frozenset[Trouble]:
    """The kinds of trouble of answers, and of errors that rose by a hundred each."""
    rows: list[tuple[dict[str, Any], float]] = [
        ({"service": "cart", "peer": "", "status": status, "text": text}, 100.0) for status, text in errors
    ]
    return read_symptoms(case(*answers), Risen(rows, [], [], None, None, 1)).troubles


def test_shapes_statuses_and_words_each_say_their_kind() -> None:
    """Slowness, a refusal, a lost field, a full pool."""
    assert {Trouble.LATENCY} == troubles(SLOW)
    assert {Trouble.DENIED} == troubles(errors=((401, ""),))
    assert {Trouble.CODE, Trouble.CONTRACT} <= troubles(errors=((500, "KeyError: missing field total"),))
    assert {Trouble.CONNECTIONS, Trouble.TIMEOUT} == troubles(
        errors=((500, "QueuePool limit reached, timed out"),)
    )


def test_the_culprit_and_what_is_saturated() -> None:
    """Its memory, and a processor among the figures."""
    ill = Culprits((Culprit("cart", None, "memory", "memory", 0.8, "it grows"),))
    busy = GoldenSignals(None, None, None, Shape.UP, {"cart process.cpu.utilization": (0.3, 0.9)})

    assert {Trouble.MEMORY} == troubles(ill)
    assert {Trouble.CPU} == troubles(busy)


def test_a_call_that_is_made_more_often() -> None:
    """Eight times for one request, once before."""
    called = [
        {
            "service": "cart",
            "peer": "",
            "name": "Get",
            "phase": phase,
            "calls": calls,
            "failed": 0,
            "traces": 100,
        }
        for phase, calls in (("good", 100), ("bad", 800))
    ]

    assert {Trouble.REPEATED} == read_symptoms(case(), Risen([], [], called, None, None, 1)).troubles


def test_words_of_errors_components_and_of_who_is_hit() -> None:
    """Weighed by how directly they tell of it."""
    hit = BlastRadius(
        ("cart",), (Segment({"card.issuer": "Amex"}, 0.9, 0.1, 90, 100, 0.9),), (), everyone=False
    )
    ill = Culprits((Culprit("cart", None, "SettleInvoice", "code", 0.8, "41 fail"),))
    rows: list[tuple[dict[str, Any], float]] = [
        ({"service": "cart", "peer": "", "status": 500, "text": "no surcharge"}, 9.0)
    ]
    found = read_symptoms(case(hit, ill), Risen(rows, [], [], None, None, 1)).words

    assert {"amex", "cardissuer", "settleinvoice", "invoice", "surcharge"} <= found.keys()
    assert found["amex"] == 1.0 >= found["cardissuer"] > 0.5


def test_a_platform_tells_of_memory_and_crashes_of_those_suspected() -> None:
    """Killed for memory, now and on the suspect: not hours ago, not on another."""
    none = read_symptoms(case(), Risen([], [], [], None, None, 1))

    def told(minutes: float, service: str, title: str = "OOMKilled") -> frozenset[Trouble]:
        event = change("e", "infrastructure", minutes, service, title=title)
        return with_platform(none, [event], SCENE).troubles

    assert {Trouble.MEMORY, Trouble.CRASH} == told(-5, "cart")
    assert {Trouble.CRASH} == told(-5, "node-3", "Back-off restarting failed container cart in pod cart-1")
    assert frozenset() == told(300, "cart") | told(-5, "mail")
