"""What the trouble looks like, out of answers and errors."""

from datetime import timedelta
from typing import Any

import pytest

from inspections.scenes import ONSET, SCENE, case, change
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.inspections.what_changed.symptoms import read_symptoms, with_platform
from lastgood.inspections.what_changed.weights import (
    CALLS_MULTIPLIED,
    ERROR_TEXT_LEAST,
    ERROR_TEXTS,
    PARTS_WORDED,
    PLATFORM_EARLY,
    RESOURCE_GROWN,
    TROUBLE_EVENTS,
    TROUBLE_FEWEST,
    TROUBLE_SHARE,
    WORD_OF_COMPONENT,
    WORD_OF_CULPRIT,
    WORD_OF_HOP,
    WORD_OF_PART,
    WORD_OF_PART_NAME,
)
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
from lastgood.model.failure import FailurePath
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
    assert {Trouble.TIMEOUT} == troubles(errors=((1, "context canceled"),))  # its caller gave it up
    assert set() == troubles(errors=((1, "order was cancelled by the customer"),))


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

    def reported(minutes: float, service: str, title: str = "OOMKilled") -> frozenset[Trouble]:
        event = change("e", "infrastructure", minutes, service, title=title)
        return with_platform(none, [event], SCENE).troubles

    assert {Trouble.MEMORY, Trouble.CRASH} == reported(-5, "cart")
    assert {Trouble.CRASH} == reported(
        -5, "node-3", "Back-off restarting failed container cart in pod cart-1"
    )
    assert frozenset() == reported(300, "cart") | reported(-5, "mail")


def some(*errors: tuple[int, str, float]) -> frozenset[Trouble]:
    """The troubles of errors that rose by so many."""
    rows: list[tuple[dict[str, Any], float]] = [
        ({"service": "cart", "peer": "", "status": status, "text": text}, more)
        for status, text, more in errors
    ]
    return read_symptoms(case(), Risen(rows, [], [], None, None, 1)).troubles


def test_a_kind_of_error_is_trouble_by_its_share_or_its_number() -> None:
    """A status needs a share of what fails; words need a share or a few errors; one is an accident."""
    whole = 1000.0
    share, few = TROUBLE_SHARE * whole, float(TROUBLE_EVENTS)

    def beside(status: int, text: str, more: float, of: float = whole) -> frozenset[Trouble]:
        return some((status, text, more), (500, "", of - more))

    assert Trouble.DENIED in beside(401, "", share)
    assert Trouble.DENIED not in beside(401, "", share - 0.1)
    assert Trouble.DENIED in some((401, "", TROUBLE_FEWEST))
    assert Trouble.DENIED not in some((401, "", TROUBLE_FEWEST - 0.1))
    assert Trouble.DISK in beside(500, "No space left on device", few)
    assert Trouble.DISK not in beside(500, "No space left on device", few - 1)
    assert Trouble.DISK in beside(500, "No space left on device", 1, 1 / TROUBLE_SHARE)


def test_calls_and_resources_are_trouble_from_their_rows_on() -> None:
    """So many times the calls of one request, so much more of a resource."""

    def called(times: float) -> frozenset[Trouble]:
        rows = [
            {
                "service": "cart",
                "peer": "",
                "name": "Get",
                "phase": phase,
                "calls": calls,
                "failed": 0,
                "traces": 1000,
            }
            for phase, calls in (("good", 1000), ("bad", round(1000 * times)))
        ]
        return read_symptoms(case(), Risen([], [], rows, None, None, 1)).troubles

    def busy(now: float) -> frozenset[Trouble]:
        return troubles(
            GoldenSignals(None, None, None, Shape.UP, {"cart process.cpu.utilization": (0.5, now)})
        )

    assert {Trouble.REPEATED} == called(CALLS_MULTIPLIED)
    assert frozenset() == called(CALLS_MULTIPLIED - 0.01)
    assert {Trouble.CPU} == busy(0.5 * RESOURCE_GROWN + 0.001)
    assert frozenset() == busy(0.5 * RESOURCE_GROWN - 0.001)


def test_a_platform_may_tell_of_it_before_the_onset() -> None:
    """So long, and no longer."""
    none = read_symptoms(case(), Risen([], [], [], None, None, 1))
    early = (ONSET - SCENE.low + PLATFORM_EARLY) / timedelta(minutes=1)

    def reported(minutes: float) -> frozenset[Trouble]:
        return with_platform(
            none, [change("e", "infrastructure", minutes, title="OOMKilled")], SCENE
        ).troubles

    assert {Trouble.MEMORY, Trouble.CRASH} == reported(early)
    assert frozenset() == reported(early + 0.1)


def test_words_weigh_by_where_they_stand() -> None:
    """In errors by their share, in the first of them; in the names of the component, the hops and the part that is hit."""
    rows: list[tuple[dict[str, Any], float]] = [
        (
            {"service": "cart", "peer": "", "status": 500, "text": f"word{'abcdefghijklmnopqrstuvwxyz'[n]}"},
            99.0 - n,
        )
        for n in range(ERROR_TEXTS + 1)
    ]
    whole = sum(more for _, more in rows)
    parts = tuple(
        Segment({f"key{n}": f"value{n}"}, 0.9, 0.1, 9, 9, 0.9) for n in "abcdef"[: PARTS_WORDED + 1]
    )
    hit = BlastRadius((), parts, (), everyone=False)
    ill = Culprits((Culprit("cart", None, "rubato", "code", 0.8, "because surcharge"),))
    path = FailurePath("lento", "presto", 9, 9, external=False)
    found = read_symptoms(case(hit, ill, path), Risen(rows, [], [], None, None, 1)).words

    assert pytest.approx(ERROR_TEXT_LEAST + rows[0][1] / whole) == found["worda"]
    assert ERROR_TEXTS == sum(word.startswith("word") for word in found)
    assert [WORD_OF_COMPONENT, WORD_OF_CULPRIT, WORD_OF_HOP] == pytest.approx(
        [found["rubato"], found["surcharge"], found["presto"]]
    )
    assert [WORD_OF_PART, WORD_OF_PART_NAME] == pytest.approx([found["valuea"], found["keya"]])
    assert PARTS_WORDED == sum(word.startswith("value") for word in found)
